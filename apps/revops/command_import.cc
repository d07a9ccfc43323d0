#include <utility>

#include "apps/revops/commands.h"
#include "apps/revops/imports/local_import_desk.h"
#include "apps/revops/text_table.h"
#include "core/snapshot/part.h"
#include "core/snapshot/snapshot.h"

namespace revops::app {
namespace {

/// Rows as the import worker wrote them, one document a piece of input.
class DocumentSource final : public warehouse::SaleSource {
 public:
  DocumentSource(CommandIo& io, const sales::Schema& schema) : io_(io), schema_(schema) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    for (;;) {
      REVOPS_TRY_ASSIGN(const std::string document, io_.read());
      if (document.empty()) return {};
      REVOPS_TRY(snapshot::ReadRows(document, schema_, sink));
    }
  }

 private:
  CommandIo& io_;
  const sales::Schema& schema_;
};

/// The mapping that comes along as TOML; none: the columns of FCT_SALES.
Result<std::optional<mapping::Mapping>> TakeMapping(const CommandRequest& request) {
  const std::string text = Argument(request, "mapping");
  if (text.empty()) return std::optional<mapping::Mapping>();
  REVOPS_TRY_ASSIGN(auto mapping, mapping::ParseToml(text, Argument(request, "mapping_name")));
  return std::optional(std::move(mapping));
}

/// What people see now: "Snapshot 2026… shows them: the open pipeline is 120.00."
Result<std::string> Shown(Engine& engine, const api::ImportJob& job) {
  if (job.error) return "Warning: " + job.error->message + "\n";
  const std::string id = job.snapshot_id.value_or("");
  REVOPS_TRY_ASSIGN(const auto manifest, snapshot::ReadManifest(engine.store(), id));
  return "Snapshot " + id + " shows " + Counted(manifest.row_count(), "row") +
         "; the open pipeline is " + manifest.totals[sales::Status::kOpen].amount.ToString() +
         ".\n";
}

}  // namespace

Result<void> RunImport(Engine& engine, const CommandRequest& request, CommandIo& io) {
  LocalImportDesk::Order order;
  order.file_name = Argument(request, "files");
  order.requested_by = "command";
  order.options.mode = Argument(request, "mode");
  if (const auto refused = ParseDecimal(Argument(request, "refused"))) {
    order.refused = static_cast<std::uint64_t>(*refused);
  }
  if (const auto bytes = ParseDecimal(Argument(request, "bytes"))) {
    order.file_size_bytes = static_cast<std::uint64_t>(*bytes);
  }
  REVOPS_TRY_ASSIGN(order.mapping, TakeMapping(request));
  sales::Schema schema = sales::Schema::FctSales();
  if (order.mapping) {
    REVOPS_TRY_ASSIGN(schema, SchemaOf(*order.mapping));
  }
  REVOPS_TRY_ASSIGN(LocalImportDesk* const desk, engine.imports());
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase* const database, engine.database());
  REVOPS_TRY(database->CreateSalesTable());
  desk->Start();
  DocumentSource source(io, schema);
  REVOPS_TRY_ASSIGN(const auto job, desk->TakeRows(order, schema, source, io.stop));
  REVOPS_TRY(io.write("Took " + Counted(job.rows ? job.rows->taken : 0, "row") + ".\n"));
  REVOPS_TRY_ASSIGN(const std::string shown, Shown(engine, job));
  return io.write(shown);
}

Result<void> RunUndoImport(Engine& engine, const CommandRequest& /*request*/, CommandIo& io) {
  REVOPS_TRY_ASSIGN(LocalImportDesk* const desk, engine.imports());
  desk->Start();
  REVOPS_TRY_ASSIGN(const auto job, desk->UndoNewest(io.stop));
  REVOPS_TRY(io.write("The import of " + job.file_name + " is undone.\n"));
  REVOPS_TRY_ASSIGN(const std::string shown, Shown(engine, job));
  return io.write(shown);
}

}  // namespace revops::app
