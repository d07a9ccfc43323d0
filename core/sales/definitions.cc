#include "core/sales/definitions.h"

namespace revops::sales {
namespace {

constexpr std::array<std::string_view, kStatusCount> kNames = {"open", "closed", "won", "lost",
                                                               "unknown"};

}  // namespace

std::string_view ToString(Status status) { return kNames[static_cast<std::size_t>(status)]; }

std::optional<Status> ParseStatus(std::string_view text) {
  for (const Status status : kStatuses) {
    if (ToString(status) == text) return status;
  }
  return std::nullopt;
}

}  // namespace revops::sales
