#include "fuzz/import_check.h"
#include "fuzz/target.h"

REVOPS_FUZZ_TARGET(revops::fuzz::CheckRowDocuments)
