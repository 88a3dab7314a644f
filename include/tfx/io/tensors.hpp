// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdlib>
#include <string>
#include <string_view>
#include <tfx/base/dtype.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/base/vector.hpp>
#include <tfx/shape/extents_text.hpp>

TFX_BEGIN
namespace io {

// What files of named tensors have in common. Elements stand row by row, numbers as in memory, the lowest byte first;
// of strings, memory holds std::string objects.

/// A tensor to be written.
struct tensor_source {
  std::string_view name;
  dtype type;
  dims shape;
  void const* data;
};
/// A tensor in a file. Without a dtype it is one of a kind that tfx does not have, and cannot be read.
template <class Text>
struct basic_stored_tensor {
  Text name;
  dtype type = dtype::none;
  dims shape{};
  int place = 0;  // among what its reader keeps of it
};
using stored_tensor = basic_stored_tensor<std::string>;

namespace detail {
/// How many elements a shape has, and false where an extent is negative or no memory could hold them.
inline bool count_elements(dims const& shape, i64& count) {
  count = 1;
  for (int i = 0; i < shape.rank; ++i)
    if (shape[i] < 0) return false;
  for (int i = 0; i < shape.rank; ++i)
    if (__builtin_mul_overflow(count, shape[i], &count)) return false;
  return count <= (i64{1} << 56);
}
inline int compare_sources(void const* a, void const* b) {
  return static_cast<tensor_source const*>(a)->name.compare(static_cast<tensor_source const*>(b)->name);
}
/// A bool in memory is 0 or 1, whatever byte a file has for true.
inline void settle_bools(dtype type, void* data, u64 count) {
  if (type != dtype::boolean) return;
  auto* const bytes = static_cast<unsigned char*>(data);
  for (u64 i = 0; i < count; ++i) bytes[i] = bytes[i] != 0;
}
}  // namespace detail

/// An open file of tensors, in the order of their names.
template <class Text>
class basic_tensor_reader {
 public:
  using stored = basic_stored_tensor<Text>;

  basic_tensor_reader(basic_tensor_reader const&) = delete;
  virtual ~basic_tensor_reader() = default;

  Text const& path() const { return path_; }
  vector<stored> const& tensors() const { return tensors_; }
  /// The tensor of that name, or null.
  stored const* find(std::string_view name) const { return find_in(tensors_, name); }
  /// Copies all elements to `to`, which has room for the shape; of strings, to objects that are there. DataLossError
  /// where the file does not hold what it says.
  virtual void read(stored const& tensor, void* to) = 0;

 protected:
  Text path_;
  vector<stored> tensors_;

  explicit basic_tensor_reader(Text path) : path_(std::move(path)) {}
  /// Puts the tensors into the order of their names, each of which is there once.
  [[gnu::noinline]] void sort() {
    vector<stored const*> order;
    for (stored const& t : tensors_) order.push_back(&t);
    if (!order.empty()) std::qsort(order.begin(), static_cast<std::size_t>(order.size()), sizeof(order[0]), compare);
    vector<stored> sorted;
    for (stored const* const t : order) {
      if (!sorted.empty() && sorted.back().name == t->name)
        raise<errors::DataLossError>("%s: tensor '%s' is there twice", path_.c_str(), t->name.c_str());
      sorted.push_back(*t);
    }
    tensors_ = sorted;
  }
  static stored const* find_in(vector<stored> const& sorted, std::string_view name) {
    int low = 0, high = sorted.size();
    while (low < high) {
      int const middle = low + (high - low) / 2;
      if (sorted[middle].name.compare(name) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < sorted.size() && sorted[low].name == name ? &sorted[low] : nullptr;
  }

 private:
  static int compare(void const* a, void const* b) {
    return (*static_cast<stored const* const*>(a))->name.compare((*static_cast<stored const* const*>(b))->name);
  }
};
using tensor_reader = basic_tensor_reader<std::string>;

}  // namespace io
TFX_END
