#include "core/model/message.h"

namespace avisloop {

bool is_final(MessageStatus status) {
  switch (status) {
    case MessageStatus::delivered:
    case MessageStatus::undelivered:
    case MessageStatus::skipped:
    case MessageStatus::cancelled:
    case MessageStatus::failed:
      return true;
    case MessageStatus::scheduled:
    case MessageStatus::pending:
    case MessageStatus::sending:
    case MessageStatus::in_doubt:
    case MessageStatus::queued:
    case MessageStatus::sent:
      break;
  }
  return false;
}

bool may_follow(MessageStatus from, MessageStatus to) {
  using enum MessageStatus;
  switch (from) {
    case scheduled:
      return to == sending || to == pending || to == skipped || to == cancelled || to == failed;
    case pending:
      return to == scheduled || to == sending || to == skipped || to == cancelled || to == failed;
    case sending:
      return to == sent || to == queued || to == scheduled || to == in_doubt || to == failed;
    case in_doubt:
      return to == sent || to == scheduled || to == failed || to == delivered || to == undelivered;
    case queued:
      return to == sent || to == delivered || to == undelivered || to == cancelled || to == failed;
    case sent:
      return to == delivered || to == undelivered;
    case delivered:
    case undelivered:
    case skipped:
    case cancelled:
    case failed:
      break;
  }
  return false;
}

}  // namespace avisloop
