#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/instant.h"
#include "core/base/result.h"
#include "core/model/business.h"
#include "core/model/message.h"

namespace avisloop {

/// What a message may speak of. Pointers may be null: what is not there has no value.
struct TemplateFacts {
  const Org* org = nullptr;
  const Contact* contact = nullptr;
  const Job* job = nullptr;
  const std::map<std::string, std::string>* template_variables = nullptr;  ///< the template's defaults
  const std::map<std::string, std::string>* message_variables = nullptr;   ///< `send --var`; go before the defaults
  Instant now;
};

/// A message ready to be handed to a carrier, or the reason why it cannot be.
struct Rendering {
  std::string subject;  ///< empty, as the other parts, when there is a problem other than `too_long`
  std::string text;
  std::string html;
  int segments = 0;  ///< SMS only
  /// Empty = fine; else a machine word: `missing_variable` (or it is empty), `not_an_instant`, `link_in_value`,
  /// `braces`, `too_long`, `header`, `empty_subject`, `empty_text`.
  std::string problem;
  std::string detail;  ///< for people: which variable, how many segments
};

/// The names that the program itself knows: `first_name`, `last_name`, `name`, `business`, `service`, `technician`,
/// `job_date`, `job_relative` ("3 days ago"), `review_link`, `opt_out_line`, `business_address`.
/// Besides: `custom.NAME` from the contact, the template's own variables, and `relative.NAME` ("in 3 hours") for a
/// variable that holds an instant.
const std::vector<std::string>& builtin_variables();

/// A template whose Mustache has been read once; rendered many times, by one thread at a time.
///
/// The value of a name is, first found: the message's variable, what the program or the contact's `custom` knows, the
/// template's own variable (which so is the fallback of a built-in name too).
class ParsedTemplate {
 public:
  virtual ~ParsedTemplate() = default;

  /// Names that are used as values (not only as sections), in order of appearance.
  virtual const std::vector<std::string>& variables() const = 0;

  /// Those of them without which there is nothing to send: not only inside a section of their own name.
  virtual const std::vector<std::string>& required() const = 0;

  /// Never answers text with a hole or with braces in it. Values are HTML-escaped in the HTML part only, and lose
  /// control characters; line breaks survive only in bodies. Links come only from `review_link`, the business's own
  /// data and the template's or message's own variables: one in a name or a `custom` field is a problem. An SMS of
  /// class `marketing` gets business name and opt-out line if they are missing, and a marketing email its foot
  /// (business, postal address, how to stop).
  virtual Rendering render(const TemplateFacts& facts, MessageClass message_class) const = 0;
};

/// Reads and checks a template. Fault `data` with part, line, column and what is wrong: unknown tag, unclosed section,
/// `{name}` with single braces, unknown variable (names the nearest), subject in an SMS, missing body.
Result<std::unique_ptr<ParsedTemplate>> parse_template(const Template& source);

/// What a template can only be told at creation: variables that this org can never fill (`review_link` unset), and how
/// costly an SMS is. One line each; `fatal` ones refuse the template.
struct TemplateNote {
  bool fatal = false;
  std::string line;
};
std::vector<TemplateNote> check_template(const Template& source, const ParsedTemplate& parsed, const Org& org);

/// "in 3 hours", "2 days ago", "now" (less than a minute); rounded to the largest unit that fits: minutes, hours, days,
/// from two weeks on weeks, from two months on months, from two years on years.
std::string relative_time(Instant at, Instant now);

/// The opt-out line of texts when the org sets no other.
inline constexpr std::string_view kOptOutLine = "Reply STOP to opt out.";

/// Longest SMS when neither template nor campaign says otherwise: carriers and Twilio advise at most 320 characters.
inline constexpr int kDefaultMaxSegments = 3;

}  // namespace avisloop
