#include "core/api/catalogue.h"

#include <array>

namespace revops::api {
namespace {

constexpr std::array kMetrics = {
    Metric{"open_pipeline", "Open pipeline", "money", "up", "measured",
           "The amounts of all open deals added up. A deal is open when its status says Open; a "
           "missing status is not open.",
           "sum of AMOUNT where status = open", "snapshot", ""},
    Metric{"open_deals", "Open deals", "count", "up", "measured",
           "The number of open deals, priced or not.", "count of rows where status = open",
           "snapshot", ""},
    Metric{"open_average", "Average deal", "money", "up", "measured",
           "The average amount of the open deals that have a price. Deals without an amount are "
           "left out of both parts.",
           "open pipeline / priced open deals", "snapshot", ""},
    Metric{"closed_pipeline", "Closed, outcome not recorded", "money", "neutral", "measured",
           "The amounts of all closed deals added up. The table does not say whether a closed deal "
           "was won or lost, so this is neither revenue nor bookings.",
           "sum of AMOUNT where status = closed", "snapshot", ""},
    Metric{"total_pipeline", "Total, all statuses", "money", "up", "measured",
           "The amounts of all deals added up, whatever their status. The groups of every table "
           "add up to it exactly.",
           "sum of AMOUNT", "snapshot", ""},
    Metric{"deals", "Deals", "count", "up", "measured",
           "The number of rows, priced or not, whatever their status.", "count of rows", "snapshot",
           ""},
    Metric{"average_deal", "Average deal, all statuses", "money", "up", "measured",
           "The average amount of all deals that have a price.", "total / priced deals", "snapshot",
           ""},
    Metric{"won", "Won", "money", "up", "measured",
           "The amounts of deals whose status says Won or Closed Won. Plain Closed is never "
           "counted as won.",
           "sum of AMOUNT where status = won", "snapshot", ""},
    Metric{"lost", "Lost", "money", "down", "measured",
           "The amounts of deals whose status says Lost or Closed Lost. Plain Closed is never "
           "counted as lost.",
           "sum of AMOUNT where status = lost", "snapshot", ""},
    Metric{"last_30_days", "Last 30 days", "money", "up", "measured",
           "Deals dated today or in the 29 days before, read from the source table now. Today is "
           "not over yet.",
           "sum of AMOUNT where today - 29 <= SALE_DATE < today + 1", "live", ""},
    Metric{"last_30_complete_days", "Last 30 complete days", "money", "up", "measured",
           "Deals dated in the 30 days that end yesterday. Compared only with the 30 days directly "
           "before.",
           "sum of AMOUNT where today - 30 <= SALE_DATE < today", "snapshot", ""},
    Metric{"pipeline_by_region", "Pipeline by Region", "money", "up", "measured",
           "All deals split by region and status, largest total first. Deals without a region are "
           "shown as Unknown and are in the total.",
           "sum of AMOUNT by REGION and status", "snapshot", ""},
    Metric{"pipeline_by_product", "Pipeline by Product", "money", "up", "measured",
           "All deals split by product and status, largest total first. Deals without a product "
           "are shown as Unknown and are in the total.",
           "sum of AMOUNT by PRODUCT and status", "snapshot", ""},
    Metric{"pipeline_by_stage", "Pipeline by stage", "money", "up", "measured",
           "All deals split by stage and status, in the order of the stages. Stages that are not "
           "listed keep their own name and come last.",
           "sum of AMOUNT by STAGE and status", "snapshot", ""},
    Metric{
        "pipeline_by_month", "Pipeline by month", "money", "up", "measured",
        "All deals split by the month of their date and by status. Deals without a date come last.",
        "sum of AMOUNT by month of SALE_DATE and status", "snapshot", ""},
    Metric{"change", "Change against an earlier snapshot", "rate", "neutral", "history",
           "How far a figure moved since the snapshot of seven days ago, with the same filters. "
           "Smaller moves than half a percent count as no change. A figure that was zero shows as "
           "new.",
           "(now - then) / then", "snapshot", ""},
    Metric{"data_age", "Data age", "days", "down", "measured",
           "Two ages, never one: how long ago the source was last read and found to be this "
           "content, and how long ago the figures were last computed or confirmed.",
           "now - data as of; now - computed at", "snapshot", ""},
    Metric{"weighted_pipeline", "Weighted pipeline", "money", "up", "not_available",
           "Open amounts multiplied by a weight for each stage.",
           "sum of AMOUNT x weight of the stage, over priced open deals", "snapshot",
           "No stage weights are configured, and there are no default ones."},
    Metric{"win_rate", "Win rate", "rate", "up", "not_available",
           "The share of decided deals that were won.", "won / (won + lost)", "snapshot",
           "No rate is computed: where a status says plain Closed, the outcome is not recorded. "
           "Deals whose status says Won or Lost are counted as such."},
    Metric{"sales_cycle", "Sales cycle", "days", "down", "not_available",
           "The time from the first sight of a deal to its close.", "close date - first seen",
           "snapshot", "The table has no created date and no close date."},
    Metric{"sales_velocity", "Sales velocity", "money", "up", "not_available",
           "How much value the pipeline turns into sales in a day.",
           "open deals x average deal x win rate / sales cycle", "snapshot",
           "It needs a win rate and a sales cycle, and neither is computed."},
    Metric{"coverage", "Pipeline coverage", "rate", "up", "not_available",
           "Open pipeline divided by the target that is still to be reached.",
           "open pipeline / (target - won)", "snapshot", "No target is configured."},
};

}  // namespace

std::span<const Metric> Metrics() { return kMetrics; }

}  // namespace revops::api
