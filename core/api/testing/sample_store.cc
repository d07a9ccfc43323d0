#include "core/api/testing/sample_store.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "core/cube/cube.h"
#include "core/sales/normalize.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/part.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/views.h"

namespace revops::api {
namespace {

/// Everything that a publication needs, from rows.
class SampleBuilder {
 public:
  explicit SampleBuilder(const SampleSnapshot& sample)
      : sample_(sample), normalizer_(schema_, sample.definitions) {
    for (const SampleRow& row : sample.rows) sales_.push_back(ToSale(row));
    std::sort(sales_.begin(), sales_.end(), [this](const auto& a, const auto& b) {
      std::vector<std::optional<std::string_view>> a_texts;
      std::vector<std::optional<std::string_view>> b_texts;
      return sales::CompareCanonically(schema_, sales::ToView(a, a_texts),
                                       sales::ToView(b, b_texts)) < 0;
    });
  }

  snapshot::Manifest Build() {
    manifest_.schema = schema_;
    manifest_.data_as_of = sample_.data_as_of;
    manifest_.computed_at = sample_.computed_at;
    manifest_.business_date = sample_.business_date;
    manifest_.zone = sample_.definitions.zone;
    manifest_.source = {"sample", "FCT_SALES"};
    manifest_.program_version = "0.0.0";
    manifest_.definitions_object =
        Add(snapshot::EncodeObject(snapshot::EncodeDefinitions(sample_.definitions), "json.zst"));
    AddParts();
    AddViews();
    manifest_.content_hash = snapshot::ContentHash(snapshot::HashKind::kRows, manifest_.parts);
    return manifest_;
  }
  const std::vector<snapshot::EncodedObject>& objects() const { return objects_; }

 private:
  snapshot::ObjectRef Add(snapshot::EncodedObject object) {
    objects_.push_back(std::move(object));
    return objects_.back().ref;
  }

  void AddParts() {
    snapshot::PartWriter writer(schema_, sample_.definitions,
                                [this](snapshot::EncodedPart part) -> Result<void> {
                                  for (auto& object : part.objects) Add(std::move(object));
                                  manifest_.ledger += part.part.ledger;
                                  manifest_.parts.push_back(std::move(part.part));
                                  return {};
                                });
    for (const sales::Sale& sale : sales_) {
      std::vector<std::optional<std::string_view>> texts;
      const sales::SaleView view = sales::ToView(sale, texts);
      EXPECT_TRUE(writer.Write({&view, 1}).has_value());
    }
    EXPECT_TRUE(writer.Finish().has_value());
  }

  void AddViews() {
    cube::CubeBuilder builder(schema_, normalizer_);
    for (const sales::Sale& sale : sales_) {
      std::vector<std::optional<std::string_view>> texts;
      builder.Add(sales::ToView(sale, texts));
    }
    const cube::Cube cube(builder.Finish());
    cube::CubeAnswer answer;
    cube.Query({}, answer);
    manifest_.totals = answer.totals;
    for (const std::string& name : snapshot::ViewNames(schema_)) {
      std::string view;
      snapshot::AppendView(view, name, answer, {schema_, sample_.definitions, cube});
      manifest_.views[name] = Add(snapshot::EncodeObject(view, "json.zst"));
    }
  }

  const SampleSnapshot& sample_;
  const sales::Schema schema_ = *sales::Schema::ForSales(sample_.further, false);
  sales::Normalizer normalizer_;
  std::vector<sales::Sale> sales_;
  snapshot::Manifest manifest_;
  std::vector<snapshot::EncodedObject> objects_;
};

SampleRow Row(const std::string& id, const std::string& product, const std::string& region,
              const std::string& amount) {
  SampleRow row;
  row.id = id;
  row.product = product;
  row.region = region;
  row.amount = amount;
  return row;
}

SampleRow With(SampleRow row, const std::string& stage, const std::string& customer, Date sold_on,
               const std::string& status) {
  row.stage = stage;
  row.customer = customer;
  row.sold_on = sold_on;
  row.status = status;
  return row;
}

}  // namespace

std::vector<SampleRow> SampleRows(Date today) {
  return {
      With(Row("1", "Sage Intacct", "North", "150000"), "Negotiation", "Acme Corp", today - 15,
           "Closed"),
      With(Row("2", "Sage Intacct", "North", "75000"), "Proposal", "TechStart", today - 20, "Open"),
      With(Row("3", "Sage Payroll", "South", "45000"), "Qualification", "MidCorp", today - 10,
           "Open"),
      With(Row("4", "Sage HR", "East", "30000"), "Negotiation", "SmallBiz", today - 5, "Closed"),
      With(Row("5", "Sage 50", "West", "22000"), "Prospecting", "Startup", today - 8, "Closed"),
      With(Row("6", "Sage Intacct", "North", "95000"), "Negotiation", "BigEnterprise", today - 3,
           "Closed"),
      With(Row("7", "Sage Payroll", "South", "42000"), "Proposal", "RetailCo", today - 2, "Open"),
      With(Row("8", "Sage HR", "West", "31000"), "Qualification", "ServiceInc", today - 4,
           "Closed"),
  };
}

sales::Sale ToSale(const SampleRow& row) {
  sales::Sale sale;
  sale.id = row.id;
  sale.sold_on = row.sold_on;
  if (row.amount) sale.amount = Money::Parse(*row.amount);
  sale.texts = {row.product, row.region, row.stage, row.customer, row.status};
  sale.texts.insert(sale.texts.end(), row.further.begin(), row.further.end());
  return sale;
}

std::string PublishSample(store::ObjectStore& store, const SampleSnapshot& sample) {
  SampleBuilder builder(sample);
  snapshot::Manifest manifest = builder.Build();
  Result<snapshot::Publication> publication = snapshot::Publication::Begin(store);
  EXPECT_TRUE(publication.has_value());
  manifest.origin = sample.origin;
  if (publication->base()) manifest.previous_id = publication->base()->pointer.manifest.id;
  for (const auto& object : builder.objects()) {
    EXPECT_TRUE(publication->Put(object).has_value());
  }
  const Result<std::string> id =
      publication->Commit(manifest, {sample.data_as_of, sample.computed_at, "inputs", {}});
  EXPECT_TRUE(id.has_value());
  return id.value_or("");
}

void ConfirmSample(store::ObjectStore& store, Instant data_as_of, Instant computed_at) {
  Result<snapshot::Publication> publication = snapshot::Publication::Begin(store);
  EXPECT_TRUE(publication.has_value());
  EXPECT_TRUE(publication->Confirm({data_as_of, computed_at, "inputs", {}}).has_value());
}

}  // namespace revops::api
