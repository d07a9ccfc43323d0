#include "core/sales/filter.h"

#include <algorithm>

namespace revops::sales {

bool Filter::is_everything() const {
  return !from && !to &&
         std::all_of(selections.begin(), selections.end(),
                     [](const Selection& selection) { return selection.is_everything(); });
}

}  // namespace revops::sales
