#include "core/intake/rows.h"

#include <fmt/format.h>

#include <utility>

#include "core/base/text.h"
#include "core/intake/cells.h"
#include "core/rules/place.h"

namespace avisloop {
namespace {

constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestWord = 100;
constexpr std::size_t kLongestNotes = 10'000;
constexpr std::size_t kLongestCustom = 1'000;
constexpr int kMidday = 12 * 3600;

/// The columns of one channel's consent.
struct ConsentFields {
  Field given;
  Field at;
  Field source;
  Field text;
};

ConsentFields consent_fields(Channel channel) {
  if (channel == Channel::sms) {
    return {Field::sms_consent, Field::sms_consent_at, Field::sms_consent_source, Field::sms_consent_text};
  }
  return {Field::email_consent, Field::email_consent_at, Field::email_consent_source, Field::email_consent_text};
}

std::string shortened(std::string_view text) {
  return printable(text.substr(0, 60));
}

std::string neither_yes_nor_no(std::string_view text) {
  return fmt::format("`{}` is neither yes nor no", shortened(text));
}

}  // namespace

RowReader::RowReader(const ColumnPlan& plan, RowRules rules, IdMaker& ids)
    : plan_(plan), rules_(std::move(rules)), ids_(ids) {}

RowReader::Cell RowReader::cell(Cells cells, Field field) const {
  Cell found;
  for (const std::size_t column : plan_.of(field)) {
    if (column >= cells.size()) continue;
    found = {trim(cells[column]), column};
    if (!found.text.empty()) break;
  }
  return found;
}

Reject RowReader::reject(const Cell& cell, std::string reason) const {
  return {plan_.headers[cell.column], std::move(reason)};
}

std::optional<Reject> RowReader::line_of(Cells cells, Field field, std::size_t longest, std::string& target) const {
  const Cell found = cell(cells, field);
  if (found.text.empty()) return std::nullopt;
  auto line = read_line(found.text, longest);
  if (!line) return reject(found, line.error().message);
  target = std::move(*line);
  return std::nullopt;
}

std::optional<Reject> RowReader::read_names(Cells cells, Contact& contact) {
  if (auto bad = line_of(cells, Field::first_name, kLongestName, contact.first_name)) return bad;
  if (auto bad = line_of(cells, Field::last_name, kLongestName, contact.last_name)) return bad;
  if (!contact.first_name.empty() || !contact.last_name.empty()) return std::nullopt;
  std::string name;
  if (auto bad = line_of(cells, Field::name, kLongestName, name)) return bad;
  std::tie(contact.first_name, contact.last_name) = split_name(name);
  return std::nullopt;
}

std::optional<Reject> RowReader::read_place(Cells cells, Contact& contact) {
  if (auto bad = line_of(cells, Field::zip, kLongestWord, contact.zip)) return bad;
  const Cell state = cell(cells, Field::state);
  if (!state.text.empty()) {
    if (state.text != last_state_text_) {
      last_state_ = read_state(state.text);
      last_state_text_ = state.text;
    }
    if (last_state_.empty()) {
      return reject(state, fmt::format("`{}` is not a state such as TX or Texas", shortened(state.text)));
    }
    contact.state = last_state_;
  }
  const Cell zone = cell(cells, Field::time_zone);
  if (!zone.text.empty()) {
    if (zone.text != last_zone_text_) {
      const auto found = read_time_zone(zone.text);
      if (!found) return reject(zone, found.error().message);
      last_zone_text_ = zone.text;
    }
    contact.time_zone = last_zone_text_;
  }
  return std::nullopt;
}

std::optional<Reject> RowReader::read_custom(Cells cells, Contact& contact) const {
  for (const auto& [name, column] : plan_.custom) {
    if (column >= cells.size()) continue;
    const Cell found{trim(cells[column]), column};
    if (found.text.empty()) continue;
    auto text = read_text(found.text, kLongestCustom);
    if (!text) return reject(found, text.error().message);
    contact.custom[name] = std::move(*text);
  }
  return std::nullopt;
}

/// All that is neither phone nor consent.
std::optional<Reject> RowReader::read_words(Cells cells, Contact& contact) {
  if (auto bad = line_of(cells, Field::external_id, kLongestWord, contact.external_id)) return bad;
  if (auto bad = read_names(cells, contact)) return bad;
  if (auto bad = read_place(cells, contact)) return bad;
  const Cell email = cell(cells, Field::email);
  if (!email.text.empty()) {
    auto address = read_email(first_value(email.text));
    if (!address) return reject(email, address.error().message);
    contact.email = std::move(*address);
  }
  const Cell language = cell(cells, Field::language);
  if (!language.text.empty()) {
    auto tag = read_language(language.text);
    if (!tag) return reject(language, tag.error().message);
    contact.language = std::move(*tag);
  }
  const Cell tags = cell(cells, Field::tags);
  if (!tags.text.empty()) {
    std::string line;
    if (auto bad = line_of(cells, Field::tags, kLongestCustom, line)) return bad;
    contact.tags = read_tags(line);
  }
  return read_custom(cells, contact);
}

Result<std::optional<Reject>> RowReader::read_contact_phone(Cells cells, Contact& contact) {
  const Cell phone = cell(cells, Field::phone);
  if (phone.text.empty()) return std::nullopt;
  const std::string_view raw = first_value(phone.text);
  auto reading = read_phone(raw, rules_.foreign);
  if (!reading && reading.error().fault != Fault::data) return tl::unexpected<Error>(std::move(reading).error());
  if (!reading && !rules_.keep_bad_phones) return reject(phone, reading.error().message);
  if (auto bad = line_of(cells, Field::phone, kLongestWord, contact.phone_raw)) return bad;
  if (reading) contact.phone = std::move(reading->e164);
  return std::nullopt;
}

std::optional<Reject> RowReader::read_consent(Cells cells, Channel channel, ContactRow& row) {
  const ConsentFields fields = consent_fields(channel);
  const Cell given = cell(cells, fields.given);
  if (given.text.empty()) return std::nullopt;
  const auto yes = read_yes_no(given.text);
  if (!yes) {
    return reject(given, neither_yes_nor_no(given.text));
  }
  Consent consent;
  consent.channel = channel;
  consent.given = *yes;
  consent.at = rules_.now;
  const Cell at = cell(cells, fields.at);
  if (!at.text.empty()) {
    const auto when = read_when(at.text, *rules_.zone, 0);
    if (!when) return reject(at, when.error().message);
    if (*when > rules_.now + kDay) return reject(at, fmt::format("`{}` lies in the future", printable(at.text)));
    consent.at = *when;
  }
  if (auto bad = line_of(cells, fields.source, kLongestCustom, consent.source)) return bad;
  if (auto bad = line_of(cells, fields.text, kLongestNotes, consent.wording)) return bad;
  if (consent.source.empty()) consent.source = rules_.consent_source;

  consent.address = channel == Channel::sms ? row.contact.phone : row.contact.email;
  if (consent.address.empty()) return std::nullopt;
  if (*yes && consent.source.empty()) {
    consent_without_source_ = consent_without_source_ || channel == Channel::sms;  // an email needs none
    return std::nullopt;
  }
  consent.id = ids_.make(rules_.now);
  consent.method = "import";
  consent.recorded_by = "import";
  consent.recorded_at = rules_.now;
  (at.text.empty() ? row.undated_consents : row.consents).push_back(std::move(consent));
  return std::nullopt;
}

Result<std::optional<Reject>> RowReader::read_contact(Cells cells, ContactRow& row) {
  row = ContactRow{};
  consent_without_source_ = false;
  Contact& contact = row.contact;
  if (auto bad = read_words(cells, contact)) return bad;
  AVIS_TRY_ASSIGN(auto bad_phone, read_contact_phone(cells, contact));
  if (bad_phone) return bad_phone;
  if (contact.external_id.empty() && contact.phone.empty() && contact.email.empty()) {
    return Reject{{}, "nothing to identify or reach the contact by"};
  }
  if (auto bad = read_consent(cells, Channel::sms, row)) return bad;
  if (auto bad = read_consent(cells, Channel::email, row)) return bad;
  contact.id = ids_.make(rules_.now);
  contact.created_at = rules_.now;
  contact.updated_at = rules_.now;
  return std::nullopt;
}

Result<std::optional<Reject>> RowReader::read_job(Cells cells, JobRow& row) {
  AVIS_TRY_ASSIGN(auto bad_contact, read_contact(cells, row.contact));
  if (bad_contact) return bad_contact;
  row.job = Job{};
  Job& job = row.job;
  if (auto bad = line_of(cells, Field::job_id, kLongestWord, job.external_id)) return bad;
  if (auto bad = line_of(cells, Field::technician, kLongestName, job.technician)) return bad;
  const Cell notes = cell(cells, Field::notes);
  auto text = read_text(notes.text, kLongestNotes);
  if (!text) return reject(notes, text.error().message);
  job.notes = std::move(*text);
  const Cell completed = cell(cells, Field::completed_at);
  if (completed.text.empty()) return reject(completed, "is empty: when was the job completed?");
  const auto when = read_when(completed.text, *rules_.zone, kMidday);
  if (!when) return reject(completed, when.error().message);
  job.completed_at = *when;
  const Cell service = cell(cells, Field::service);
  job.service = rules_.service.value_or(ServiceCategory::other);
  if (!service.text.empty()) {
    const auto category = read_service(service.text);
    if (!category && !rules_.service) return reject(service, category.error().message);
    if (category) job.service = *category;
  }
  job.id = ids_.make(rules_.now);
  job.created_at = rules_.now;
  return std::nullopt;
}

std::optional<Reject> RowReader::read_opt_out_facts(Cells cells, OptOutRow& row,
                                                    std::optional<Channel>& channel) const {
  row.reason = "opted_out";
  row.source = "import";
  row.at = rules_.now;
  if (auto bad = line_of(cells, Field::reason, kLongestWord, row.reason)) return bad;
  if (auto bad = line_of(cells, Field::source, kLongestName, row.source)) return bad;
  const Cell at = cell(cells, Field::at);
  if (!at.text.empty()) {
    const auto when = read_when(at.text, *rules_.zone, 0);
    if (!when) return reject(at, when.error().message);
    row.at = *when;
  }
  const Cell word = cell(cells, Field::channel);
  if (word.text.empty() || equals_ignoring_case(word.text, "all")) return std::nullopt;
  channel = parse_enum<Channel>(lower_ascii(word.text));
  if (!channel) return reject(word, fmt::format("`{}` is not {}", shortened(word.text), list_words<Channel>()));
  return std::nullopt;
}

Result<std::optional<Reject>> RowReader::read_opt_out_address(const Cell& found, OptOutRow& row) const {
  const std::string_view value = first_value(found.text);
  row.channel = value.find('@') != std::string_view::npos ? Channel::email : Channel::sms;
  if (row.channel == Channel::email) {
    auto address = read_email(value);
    if (!address) return reject(found, address.error().message);
    row.address = std::move(*address);
    return std::nullopt;
  }
  auto reading = read_phone(value, rules_.foreign);
  if (!reading && reading.error().fault != Fault::data) return tl::unexpected<Error>(std::move(reading).error());
  if (!reading) return reject(found, reading.error().message);
  row.address = std::move(reading->e164);
  return std::nullopt;
}

Result<std::optional<Reject>> RowReader::read_opt_outs(Cells cells, std::vector<OptOutRow>& rows) {
  const Cell opted_out = cell(cells, Field::opted_out);
  if (plan_.has(Field::opted_out)) {
    const auto yes = read_yes_no(opted_out.text);
    if (!yes && !opted_out.text.empty()) return reject(opted_out, neither_yes_nor_no(opted_out.text));
    if (!yes.value_or(false)) return std::nullopt;
  }
  OptOutRow row;
  std::optional<Channel> channel;
  if (auto bad = read_opt_out_facts(cells, row, channel)) return bad;

  // Each address that can be read is suppressed, also beside one that cannot: an opt-out is not held back.
  std::optional<Reject> first_bad;
  bool any = false;
  for (const Field field : {Field::address, Field::phone, Field::email}) {
    const Cell found = cell(cells, field);
    if (found.text.empty()) continue;
    any = true;
    AVIS_TRY_ASSIGN(auto bad, read_opt_out_address(found, row));
    if (!bad && channel && *channel != row.channel) {
      if (field != Field::address) continue;
      bad = reject(found, "does not fit the channel of its row");
    }
    if (!bad) rows.push_back(row);
    if (!first_bad) first_bad = std::move(bad);
  }
  if (!any) return Reject{{}, "has no address"};
  return first_bad;
}

}  // namespace avisloop
