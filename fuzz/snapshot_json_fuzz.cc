#include "fuzz/snapshot_json_check.h"
#include "fuzz/target.h"

REVOPS_FUZZ_TARGET(revops::fuzz::CheckSnapshotJson)
