#include "fuzz/control_frames_check.h"
#include "fuzz/target.h"

REVOPS_FUZZ_TARGET(revops::fuzz::CheckControlFrames)
