#include "core/net/libcurl.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <csignal>

namespace avisloop {
namespace {

constexpr unsigned kOldestVersion = 0x075500;

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

bool find_all(void* library, LibCurl& curl) {
  return find(library, "curl_global_init", curl.global_init) && find(library, "curl_version_info", curl.version_info) &&
         find(library, "curl_easy_init", curl.easy_init) && find(library, "curl_easy_cleanup", curl.easy_cleanup) &&
         find(library, "curl_easy_setopt", curl.easy_setopt) && find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
         find(library, "curl_easy_strerror", curl.easy_strerror) &&
         find(library, "curl_slist_append", curl.slist_append) &&
         find(library, "curl_slist_free_all", curl.slist_free_all) &&
         find(library, "curl_multi_init", curl.multi_init) && find(library, "curl_multi_cleanup", curl.multi_cleanup) &&
         find(library, "curl_multi_setopt", curl.multi_setopt) &&
         find(library, "curl_multi_add_handle", curl.multi_add_handle) &&
         find(library, "curl_multi_remove_handle", curl.multi_remove_handle) &&
         find(library, "curl_multi_perform", curl.multi_perform) && find(library, "curl_multi_poll", curl.multi_poll) &&
         find(library, "curl_multi_info_read", curl.multi_info_read);
}

void ignore_sigpipe() {
  struct sigaction now = {};
  if (sigaction(SIGPIPE, nullptr, &now) != 0 || (now.sa_flags & SA_SIGINFO) != 0 || now.sa_handler != SIG_DFL) return;
  now.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &now, nullptr);
}

Result<LibCurl> open_libcurl() {
  constexpr auto remedy = "install it: apt install libcurl4";
  void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return fail(Fault::config, fmt::format("libcurl cannot be opened: {}", dlerror()), remedy);
  LibCurl curl;
  if (!find_all(library, curl)) return fail(Fault::config, "libcurl.so.4 lacks a function that is needed", remedy);
  const curl_version_info_data* version = curl.version_info(CURLVERSION_NOW);
  if (version->version_num < kOldestVersion) {
    return fail(Fault::config, fmt::format("libcurl {} is too old: 7.85 is the oldest that works", version->version),
                remedy);
  }
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return fail(Fault::config, "libcurl cannot be started");
  ignore_sigpipe();
  return curl;
}

}  // namespace

Result<const LibCurl*> load_libcurl() {
  static const Result<LibCurl> loaded = open_libcurl();
  if (!loaded) return tl::unexpected<Error>(loaded.error());
  return &*loaded;
}

}  // namespace avisloop
