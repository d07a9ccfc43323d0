#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

DaySelection DaySelection::All() { return {{kRepresentableDays}, true}; }

}  // namespace revops::warehouse
