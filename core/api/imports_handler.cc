#include "core/api/imports_handler.h"

#include <string>
#include <utility>

#include "core/api/job_json.h"
#include "core/api/query.h"
#include "core/base/json_document.h"

namespace revops::api {
namespace {

constexpr std::size_t kFileNameMax = 255;
constexpr std::size_t kMappingNameMax = 64;

/// Not logged: a page asks in order to know.
Problem NoImports() {
  return {501, "unsupported",
          "Importing works on the machine that has the embedded warehouse; here the table is "
          "filled where it is.",
          false, std::nullopt};
}

/// What is wrong with a request about one import, before the desk is asked.
std::optional<Problem> FindFault(const Exchange& exchange, std::string_view id,
                                 const ImportDesk* desk) {
  if (const auto taken = TakeNothing(exchange.request); !taken) return ToProblem(taken.error());
  if (desk == nullptr) return NoImports();
  if (is_import_id(id)) return std::nullopt;
  return Problem{404, "not_found", "There is no such import.", false, std::nullopt};
}

Result<std::string> TakeFileName(const HttpRequest& request) {
  REVOPS_TRY_ASSIGN(Query query, Query::Parse(request.query));
  REVOPS_TRY_ASSIGN(std::optional<std::string> name, query.TakeSingle("name"));
  REVOPS_TRY(query.RefuseRest());
  if (!name || name->empty()) return RefuseParameter("name", "must be the file's name");
  bool is_plain = name->size() <= kFileNameMax;
  for (const char c : *name) is_plain = is_plain && c != '/' && static_cast<unsigned char>(c) >= 32;
  if (is_plain) return *std::move(name);
  return RefuseParameter("name", "must be a name of at most 255 bytes without slashes");
}

/// A document of a request does not fit: the asker's fault.
Error AsInvalid(Error error) {
  error.code = ErrorCode::kInvalidArgument;
  return error;
}

Result<TakeOptions> ParseTake(std::string_view body) {
  JsonDocument document(body, "the body");
  const JsonValue root = document.root();
  TakeOptions options;
  options.mode = root.Text("mode");
  options.skip_refused = root.Flag("skip_refused");
  if (root.MaybeText("as_of")) options.as_of = root.On("as_of");
  const auto status = document.status();
  if (!status) return Fail(AsInvalid(status.error()));
  if (options.as_of && options.mode != "replace") {
    return Fail(ErrorCode::kInvalidArgument,
                "mode must be replace together with as_of: the file is all of that day");
  }
  if (options.mode == "replace" || options.mode == "append" || options.mode == "upsert") {
    return options;
  }
  return Fail(ErrorCode::kInvalidArgument, "mode must be replace, append or upsert");
}

Result<mapping::Mapping> ParseMeaning(std::string_view body, std::string_view name) {
  JsonDocument document(body, "the body");
  const JsonValue root = document.root();
  mapping::Mapping meaning;
  meaning.name = name;
  meaning.currency = root.MaybeText("currency");
  for (const JsonValue& stage : root.Array("stages")) {
    meaning.stages.push_back(stage.AsText());
  }
  for (const auto& [word, value] : root.Map("statuses")) {
    const auto status = sales::ParseStatus(value.AsText());
    if (!status) value.Refuse("must be open, closed, won, lost or unknown");
    if (status) meaning.statuses[word] = *status;
  }
  const auto status = document.status();
  if (!status) return Fail(AsInvalid(status.error()));
  if (const auto problems = FindProblems(meaning); !problems.empty()) {
    return Fail(ErrorCode::kInvalidArgument, problems.front());
  }
  return meaning;
}

bool is_mapping_name(std::string_view name) {
  bool fits = !name.empty() && name.size() <= kMappingNameMax;
  for (const char c : name) {
    fits = fits && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
  }
  return fits;
}

Reply DataReply(int status, const std::string& json) {
  Reply reply;
  reply.status = status;
  reply.body = "{\"data\":" + json + "}";
  return reply;
}

Reply JobReply(const Exchange& exchange, int status, const Result<ImportJob>& job) {
  if (!job) return exchange.Fail(job.error());
  return DataReply(status, ImportJobJson(*job));
}

}  // namespace

std::unique_ptr<HttpUpload> ImportsHandler::BeginUpload() const {
  return desk_ == nullptr ? nullptr : desk_->BeginUpload();
}

Outcome ImportsHandler::List(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  if (desk_ == nullptr) return exchange.Fail(NoImports());
  if (!exchange.may_block) return std::nullopt;
  std::string json = "[";
  for (const ImportJob& job : desk_->List()) {
    if (json.size() > 1) json += ',';
    json += ImportJobJson(job);
  }
  return DataReply(200, json + "]");
}

Outcome ImportsHandler::Accept(const Exchange& exchange) const {
  if (desk_ == nullptr) return exchange.Fail(NoImports());
  const Result<std::string> name = TakeFileName(exchange.request);
  if (!name) return exchange.Fail(name.error());
  HttpUpload* const upload = exchange.request.upload;
  if (upload == nullptr) return exchange.Fail(InvalidArgument("The body must be the file."));
  if (!exchange.may_block) return std::nullopt;
  const Result<ImportJob> job = desk_->Accept(*upload, *name);
  if (!job) return exchange.Fail(job.error());
  Reply reply = DataReply(201, ImportJobJson(*job));
  reply.headers.emplace_back("Location", "/api/imports/" + job->id);
  return reply;
}

Outcome ImportsHandler::Find(const Exchange& exchange, std::string_view id) const {
  if (const auto fault = FindFault(exchange, id, desk_)) return exchange.Fail(*fault);
  if (!exchange.may_block) return std::nullopt;
  return JobReply(exchange, 200, desk_->Find(id));
}

Outcome ImportsHandler::Discard(const Exchange& exchange, std::string_view id) const {
  if (const auto fault = FindFault(exchange, id, desk_)) return exchange.Fail(*fault);
  if (const auto refused = RefuseBody(exchange.request.body); !refused) {
    return exchange.Fail(refused.error());
  }
  if (!exchange.may_block) return std::nullopt;
  return JobReply(exchange, 200, desk_->Discard(id));
}

Outcome ImportsHandler::Inspection(const Exchange& exchange, std::string_view id) const {
  if (const auto fault = FindFault(exchange, id, desk_)) return exchange.Fail(*fault);
  if (!exchange.may_block) return std::nullopt;
  const auto inspection = desk_->Inspect(id, std::nullopt);
  if (!inspection) return exchange.Fail(inspection.error());
  return DataReply(200, mapping::ToJson(*inspection));
}

Outcome ImportsHandler::ChangeMapping(const Exchange& exchange, std::string_view id) const {
  if (const auto fault = FindFault(exchange, id, desk_)) return exchange.Fail(*fault);
  if (!exchange.may_block) return std::nullopt;
  const auto mapping = mapping::ParseJson(exchange.request.body);
  if (!mapping) return exchange.Fail(mapping.error());
  const auto inspection = desk_->Inspect(id, *mapping);
  if (!inspection) return exchange.Fail(inspection.error());
  return DataReply(200, mapping::ToJson(*inspection));
}

Outcome ImportsHandler::Take(const Exchange& exchange, std::string_view id) const {
  if (const auto fault = FindFault(exchange, id, desk_)) return exchange.Fail(*fault);
  const Result<TakeOptions> options = ParseTake(exchange.request.body);
  if (!options) return exchange.Fail(options.error());
  if (!exchange.may_block) return std::nullopt;
  return JobReply(exchange, 202, desk_->Take(id, *options));
}

Outcome ImportsHandler::Undo(const Exchange& exchange, std::string_view id) const {
  if (const auto fault = FindFault(exchange, id, desk_)) return exchange.Fail(*fault);
  if (const auto refused = RefuseBody(exchange.request.body); !refused) {
    return exchange.Fail(refused.error());
  }
  if (!exchange.may_block) return std::nullopt;
  return JobReply(exchange, 202, desk_->Undo(id));
}

Outcome ImportsHandler::RefusedRows(const Exchange& exchange, std::string_view id) const {
  if (const auto fault = FindFault(exchange, id, desk_)) return exchange.Fail(*fault);
  if (!exchange.may_block) return std::nullopt;
  auto rows = desk_->RefusedRows(id);
  if (!rows) return exchange.Fail(rows.error());
  return CsvReply(*std::move(rows), "refused-" + std::string(id.substr(0, 8)) + ".csv");
}

Outcome ImportsHandler::Mappings(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  if (desk_ == nullptr) return exchange.Fail(NoImports());
  if (!exchange.may_block) return std::nullopt;
  const auto mappings = desk_->Mappings();
  if (!mappings) return exchange.Fail(mappings.error());
  std::string json = "[";
  for (const mapping::Mapping& mapping : *mappings) {
    if (json.size() > 1) json += ',';
    json += mapping::ToJson(mapping);
  }
  return DataReply(200, json + "]");
}

Outcome ImportsHandler::SaveMeaning(const Exchange& exchange, std::string_view name) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  if (desk_ == nullptr) return exchange.Fail(NoImports());
  if (!is_mapping_name(name)) {
    return exchange.Fail(Error{ErrorCode::kNotFound, "There is no such mapping.", {}, {}});
  }
  if (!exchange.may_block) return std::nullopt;
  const auto meaning = ParseMeaning(exchange.request.body, name);
  if (!meaning) return exchange.Fail(meaning.error());
  const auto job = desk_->SaveMeaning(*meaning);
  if (!job) return exchange.Fail(job.error());
  return DataReply(202, JobJson(*job, false));
}

}  // namespace revops::api
