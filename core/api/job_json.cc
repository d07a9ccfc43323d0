#include "core/api/job_json.h"

#include "core/api/json.h"

namespace revops::api {

std::string JobJson(const snapshot::RefreshJob& job, bool joined) {
  std::string json = snapshot::EncodeJob(job);
  json.pop_back();
  AppendFlag(json, "joined", joined);
  json += '}';
  return json;
}

}  // namespace revops::api
