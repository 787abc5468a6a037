// The module avisloop_phone.so: libphonenumber behind one C function, opened by core/base/phone_library.cpp.

#include <phonenumbers/phonenumberutil.h>

#include <string>

/// 1 when a number in the form `+…` has a length that its country uses, 0 when not. "Possible", never "valid": the
/// plan that Debian ships is of 2022 and refuses live numbers.
extern "C" int avisloop_phone_possible(const char* e164) {
  const auto* util = i18n::phonenumbers::PhoneNumberUtil::GetInstance();
  i18n::phonenumbers::PhoneNumber number;
  if (util->Parse(e164, "ZZ", &number) != i18n::phonenumbers::PhoneNumberUtil::NO_PARSING_ERROR) return 0;
  return util->IsPossibleNumber(number) ? 1 : 0;
}
