#pragma once

#include "core/base/json_document.h"
#include "core/base/json_writer.h"
#include "core/mapping/mapping.h"

namespace revops::mapping {

// A mapping as a part of another document; alone it is ToJson's and ParseJson's.

void WriteMapping(JsonWriter& json, const Mapping& mapping);
/// What does not fit is recorded in the document; FindProblems is the caller's.
Mapping ReadMapping(const JsonValue& value);

}  // namespace revops::mapping
