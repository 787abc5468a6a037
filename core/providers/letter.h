#pragma once

#include <string>

#include "core/model/message.h"
#include "core/net/mime.h"

namespace avisloop {

/// Why a message must not be put on any wire: a control character where it could inject a header or an address, an
/// address that is none, or nothing to say. Empty = nothing is wrong. Pure, so that building a request and reading its
/// answer agree.
std::string flaw_of(const Outgoing& message);

/// RFC 2369 and RFC 8058 headers for `Outgoing::unsubscribe`: an https URL also gets one-click, a mailto: URL or a
/// plain address does not.
MailHeaders unsubscribe_headers(const Outgoing& message);

/// The headers of an email, `from` being the sender to show. The Message-ID comes from the message's id and the
/// sender's domain, so that a second copy, if there ever were one, can be recognised.
MailHeaders letter_headers(const Outgoing& message, const std::string& from);

}  // namespace avisloop
