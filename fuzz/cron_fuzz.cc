#include "fuzz/cron_check.h"
#include "fuzz/target.h"

REVOPS_FUZZ_TARGET(revops::fuzz::CheckCron)
