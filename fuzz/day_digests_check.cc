#include "fuzz/day_digests_check.h"

#include <optional>

#include "core/base/check.h"
#include "core/processor/changes.h"

namespace revops::fuzz {

void CheckDayDigests(std::string_view bytes) {
  const auto digests = processor::ParseDayDigests(bytes);
  if (!digests) {
    REVOPS_CHECK(digests.error().code == ErrorCode::kCorrupt);
    return;
  }
  REVOPS_CHECK(processor::EncodeDayDigests(*digests) == bytes);
  const std::optional<warehouse::DayDigests> before = *digests;
  REVOPS_CHECK(processor::Compare(before, *digests).days == 0);
  const processor::Changes all = processor::Compare(std::nullopt, *digests);
  REVOPS_CHECK(all.days == digests->days.size());
  REVOPS_CHECK(all.months.size() == processor::RowsByMonth(*digests).size());
  REVOPS_CHECK(processor::SelectMonths(all.months).ranges.size() <= all.months.size());
}

}  // namespace revops::fuzz
