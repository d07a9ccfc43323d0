#include "core/api/answer_parts.h"

#include "core/api/json.h"
#include "core/snapshot/views.h"

namespace revops::api {

void AppendWindow(std::string& out, const Window& window) {
  AppendName(out, "window");
  out += '{';
  AppendDate(out, "start", window.range.start);
  AppendDate(out, "end", window.range.end);
  AppendText(out, "zone", window.zone);
  AppendFlag(out, "partial", window.partial);
  out += '}';
}

void AppendTotalsMember(std::string& out, const cube::StatusTotals& totals) {
  AppendName(out, "totals");
  out += '{';
  snapshot::AppendTotals(out, totals);
  out += '}';
}

}  // namespace revops::api
