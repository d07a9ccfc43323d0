#include "fuzz/day_digests_check.h"
#include "fuzz/target.h"

REVOPS_FUZZ_TARGET(revops::fuzz::CheckDayDigests)
