#include "cli/page_options.h"

#include <fmt/format.h>

#include <limits>

#include "cli/output.h"

namespace avisloop {
namespace {

constexpr long long kMostRows = 100000;

}  // namespace

void PageOptions::bind(Flags& flags) {
  flags.number("--limit", "N", limit, "Shows at most N (default 100)")
      .number("--offset", "N", offset, "Passes over the first N");
}

Result<Page> PageOptions::read() const {
  Page page;
  if (limit) {
    if (*limit < 1 || *limit > kMostRows) {
      return fail(Fault::usage, fmt::format("--limit is {}, but takes 1 to {}", *limit, kMostRows));
    }
    page.limit = static_cast<int>(*limit);
  }
  if (offset) {
    if (*offset < 0 || *offset > std::numeric_limits<int>::max()) {
      return fail(Fault::usage, fmt::format("--offset is {}, which is not possible", *offset));
    }
    page.offset = static_cast<int>(*offset);
  }
  return page;
}

void note_more(App& app, const Page& page, std::size_t shown) {
  if (app.options.format != OutputFormat::table || shown < static_cast<std::size_t>(page.limit)) return;
  print_note(app, fmt::format("{} shown; the next: --offset {}", shown, page.offset + page.limit));
}

}  // namespace avisloop
