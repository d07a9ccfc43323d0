#include "fuzz/s3_answer_check.h"
#include "fuzz/target.h"

REVOPS_FUZZ_TARGET(revops::fuzz::CheckS3Answer)
