#include "fuzz/gateway_event_check.h"
#include "fuzz/target.h"

REVOPS_FUZZ_TARGET(revops::fuzz::CheckGatewayEvent)
