#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace avisloop {

/// The words of an enum as they stand in the store, in JSON and on the command line. Specialised next to each enum.
template <class E>
struct EnumWords;

template <class E>
constexpr std::string_view to_string(E value) {
  for (const auto& [candidate, word] : EnumWords<E>::words) {
    if (candidate == value) return word;
  }
  return {};
}

template <class E>
constexpr std::optional<E> parse_enum(std::string_view word) {
  for (const auto& [value, candidate] : EnumWords<E>::words) {
    if (candidate == word) return value;
  }
  return std::nullopt;
}

/// `a, b or c`: for error messages that list what would have been right.
template <class E>
std::string list_words() {
  std::string text;
  const auto& words = EnumWords<E>::words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i].second;
  }
  return text;
}

enum class Channel { sms, email };
template <>
struct EnumWords<Channel> {
  static constexpr std::array<std::pair<Channel, std::string_view>, 2> words{
      {{Channel::sms, "sms"}, {Channel::email, "email"}}};
};

/// Smaller is sooner.
enum class Priority { urgent = 1, high = 5, normal = 10, low = 20 };
template <>
struct EnumWords<Priority> {
  static constexpr std::array<std::pair<Priority, std::string_view>, 4> words{
      {{Priority::urgent, "urgent"}, {Priority::high, "high"}, {Priority::normal, "normal"}, {Priority::low, "low"}}};
};

/// `marketing` needs consent and opt-out line; every review request is marketing (47 CFR 64.1200(f)(13) read strictly).
enum class MessageClass { marketing, service };
template <>
struct EnumWords<MessageClass> {
  static constexpr std::array<std::pair<MessageClass, std::string_view>, 2> words{
      {{MessageClass::marketing, "marketing"}, {MessageClass::service, "service"}}};
};

enum class ServiceCategory { plumbing, hvac, electrical, roofing, general_contractor, landscaping, cleaning, other };
template <>
struct EnumWords<ServiceCategory> {
  static constexpr std::array<std::pair<ServiceCategory, std::string_view>, 8> words{
      {{ServiceCategory::plumbing, "plumbing"},
       {ServiceCategory::hvac, "hvac"},
       {ServiceCategory::electrical, "electrical"},
       {ServiceCategory::roofing, "roofing"},
       {ServiceCategory::general_contractor, "general_contractor"},
       {ServiceCategory::landscaping, "landscaping"},
       {ServiceCategory::cleaning, "cleaning"},
       {ServiceCategory::other, "other"}}};
};

enum class CampaignStatus { draft, active, paused, completed };
template <>
struct EnumWords<CampaignStatus> {
  static constexpr std::array<std::pair<CampaignStatus, std::string_view>, 4> words{
      {{CampaignStatus::draft, "draft"},
       {CampaignStatus::active, "active"},
       {CampaignStatus::paused, "paused"},
       {CampaignStatus::completed, "completed"}}};
};

/// What ends an enrollment early.
enum class StopEvent { reply, click, review, new_job };
template <>
struct EnumWords<StopEvent> {
  static constexpr std::array<std::pair<StopEvent, std::string_view>, 4> words{{{StopEvent::reply, "reply"},
                                                                                {StopEvent::click, "click"},
                                                                                {StopEvent::review, "review"},
                                                                                {StopEvent::new_job, "new_job"}}};
};

enum class EnrollmentStatus { active, stopped, finished };
template <>
struct EnumWords<EnrollmentStatus> {
  static constexpr std::array<std::pair<EnrollmentStatus, std::string_view>, 3> words{
      {{EnrollmentStatus::active, "active"},
       {EnrollmentStatus::stopped, "stopped"},
       {EnrollmentStatus::finished, "finished"}}};
};

}  // namespace avisloop
