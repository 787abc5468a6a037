#pragma once

#include <curl/curl.h>

#include "core/base/result.h"

namespace avisloop {

/// The entry points of libcurl that the transport uses. Linking the library costs every start of the program 3 ms, also
/// an idle tick, so it is opened when the first request is made.
struct LibCurl {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_version_info) version_info = nullptr;
  decltype(&curl_easy_init) easy_init = nullptr;
  decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&curl_easy_setopt) easy_setopt = nullptr;
  decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&curl_easy_strerror) easy_strerror = nullptr;
  decltype(&curl_slist_append) slist_append = nullptr;
  decltype(&curl_slist_free_all) slist_free_all = nullptr;
  decltype(&curl_multi_init) multi_init = nullptr;
  decltype(&curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&curl_multi_setopt) multi_setopt = nullptr;
  decltype(&curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&curl_multi_perform) multi_perform = nullptr;
  decltype(&curl_multi_poll) multi_poll = nullptr;
  decltype(&curl_multi_info_read) multi_info_read = nullptr;
};

/// Opens libcurl.so.4 at the first call and keeps it for the life of the process. Also ignores SIGPIPE if nobody
/// handles it: with CURLOPT_NOSIGNAL a write to a closed TLS connection would end the process. Fault `config` when the
/// library is missing or older than 7.85.
Result<const LibCurl*> load_libcurl();

}  // namespace avisloop
