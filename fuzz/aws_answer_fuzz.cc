#include "fuzz/aws_answer_check.h"
#include "fuzz/target.h"

REVOPS_FUZZ_TARGET(revops::fuzz::CheckAwsAnswer)
