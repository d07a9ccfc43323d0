#include "core/sales/normalize.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>

namespace revops::sales {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

bool is_ascii_space(char c) { return (c >= '\t' && c <= '\r') || c == ' '; }

/// Bytes of the space that `text` begins with; 0: none.
std::size_t LeadingSpace(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii_space(text.front())) return 1;
  return text.starts_with(kNoBreakSpace) ? kNoBreakSpace.size() : 0;
}

std::size_t TrailingSpace(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii_space(text.back())) return 1;
  return text.ends_with(kNoBreakSpace) ? kNoBreakSpace.size() : 0;
}

std::optional<std::string> NonBlank(std::string_view text) {
  const std::string_view trimmed = Trim(text);
  return trimmed.empty() ? std::nullopt : std::optional(std::string(trimmed));
}

std::string StatusLabel(const Definitions& definitions, std::string_view trimmed) {
  const auto found = definitions.statuses.find(Fold(trimmed));
  return std::string(
      ToString(found == definitions.statuses.end() ? Status::kUnknown : found->second));
}

std::optional<std::string> StageLabel(const Definitions& definitions, std::string_view trimmed) {
  const std::string folded = Fold(trimmed);
  for (const std::string& stage : definitions.stages) {
    if (Fold(stage) == folded) return stage;
  }
  const auto alias = definitions.stage_aliases.find(folded);
  return NonBlank(alias == definitions.stage_aliases.end() ? trimmed : alias->second);
}

template <class Word>
std::uint64_t Load(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// All bytes of a text of at most eight, some of them twice.
std::uint64_t LoadShort(std::string_view text) {
  const char* bytes = text.data();
  const std::size_t size = text.size();
  if (size >= 4) {
    return Load<std::uint32_t>(bytes) << 32U | Load<std::uint32_t>(bytes + size - 4);
  }
  if (size == 0) return 0;
  return Load<std::uint8_t>(bytes) << 16U | Load<std::uint8_t>(bytes + size / 2) << 8U |
         Load<std::uint8_t>(bytes + size - 1);
}

std::uint64_t Mix(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 32U);
}

/// Fast on the short texts that dimensions hold.
std::uint64_t HashText(std::string_view text) {
  std::uint64_t hash = text.size();
  for (; text.size() > 8; text.remove_prefix(8)) {
    hash = Mix(hash, Load<std::uint64_t>(text.data()));
  }
  return Mix(hash, LoadShort(text));
}

}  // namespace

std::string_view Trim(std::string_view text) {
  while (const std::size_t size = LeadingSpace(text)) text.remove_prefix(size);
  while (const std::size_t size = TrailingSpace(text)) text.remove_suffix(size);
  return text;
}

std::string Fold(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

bool is_blank(std::string_view text) { return Trim(text).empty(); }

class Normalizer::Memory {
 public:
  struct Entry {
    std::string raw;
    std::optional<std::string> label;
  };

  /// nullptr: not seen yet.
  const Entry* Find(std::uint64_t hash, std::string_view raw) const {
    for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
      const Slot& slot = slots_[i];
      if (slot.entry == nullptr) return nullptr;
      if (slot.hash == hash && slot.entry->raw == raw) return slot.entry;
    }
  }

  const Entry* Insert(std::uint64_t hash, Entry entry) {
    entries_.push_back(std::move(entry));
    if (entries_.size() * 2 > slots_.size()) Grow();
    Place({hash, &entries_.back()});
    return &entries_.back();
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    const Entry* entry = nullptr;
  };

  std::size_t mask() const { return slots_.size() - 1; }

  void Place(const Slot& slot) {
    std::size_t i = slot.hash & mask();
    while (slots_[i].entry != nullptr) i = (i + 1) & mask();
    slots_[i] = slot;
  }

  void Grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.entry != nullptr) Place(slot);
    }
  }

  std::deque<Entry> entries_;
  std::vector<Slot> slots_ = std::vector<Slot>(64);
};

Normalizer::Normalizer(const Schema& schema, const Definitions& definitions)
    : schema_(schema), definitions_(definitions) {
  for (std::size_t i = 0; i < schema_.dimension_count(); ++i) {
    memory_.push_back(std::make_unique<Memory>());
  }
}

Normalizer::~Normalizer() = default;
Normalizer::Normalizer(Normalizer&&) noexcept = default;
Normalizer& Normalizer::operator=(Normalizer&&) noexcept = default;

std::optional<std::string_view> Normalizer::Label(std::size_t dimension,
                                                  const std::optional<std::string_view>& raw) {
  if (!raw) {
    if (dimension != schema_.status_dimension()) return std::nullopt;
    return ToString(Status::kUnknown);
  }
  Memory& memory = *memory_[dimension];
  const std::uint64_t hash = HashText(*raw);
  const Memory::Entry* entry = memory.Find(hash, *raw);
  if (entry == nullptr) {
    entry = memory.Insert(hash, {std::string(*raw), Compute(dimension, *raw)});
  }
  return entry->label;
}

bool Normalizer::is_unlisted_stage(std::string_view label) const {
  return std::find(definitions_.stages.begin(), definitions_.stages.end(), label) ==
         definitions_.stages.end();
}

std::optional<std::string> Normalizer::Compute(std::size_t dimension, std::string_view raw) const {
  const std::string_view trimmed = Trim(raw);
  if (dimension == schema_.status_dimension()) return StatusLabel(definitions_, trimmed);
  if (trimmed.empty()) return std::nullopt;
  if (dimension == schema_.stage_dimension()) return StageLabel(definitions_, trimmed);
  const auto aliases = definitions_.aliases.find(schema_.dimension_name(dimension));
  if (aliases == definitions_.aliases.end()) return std::string(trimmed);
  const auto alias = aliases->second.find(std::string(trimmed));
  return NonBlank(alias == aliases->second.end() ? trimmed : alias->second);
}

}  // namespace revops::sales
