// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <string>
#include <tfx/base/raise.hpp>
#include <tfx/data/tensor_of.hpp>

TFX_BEGIN
namespace keras::preprocessing::sequence {

/// What `pad_sequences` may be told.
struct pad_options {
  /// How long all become; 0 stands for the length of the longest.
  i64 maxlen = 0;
  /// Where the values go that fill up a short one: "pre" or "post".
  std::string padding = "pre";
  /// Which end of a long one is cut off: "pre" or "post".
  std::string truncating = "pre";
  double value = 0;
};

namespace detail {

/// Where a sequence's items go in its row: which of them are taken, and where the first one stands.
struct placing {
  i64 first, count, at;
};
class placer {
 public:
  [[gnu::noinline]] placer(pad_options const& o, i64 longest)
      : maxlen_(o.maxlen > 0 ? o.maxlen : longest),
        pads_before_(is_pre(o.padding, "padding")),
        cuts_before_(is_pre(o.truncating, "truncating")) {
    if (o.maxlen < 0)
      raise<errors::InvalidArgumentError>("pad_sequences: maxlen must not be negative. Received: %lld",
                                          static_cast<long long>(o.maxlen));
  }
  i64 maxlen() const { return maxlen_; }
  placing place(i64 length) const {
    i64 const count = std::min(length, maxlen_);
    return {cuts_before_ ? length - count : 0, count, pads_before_ ? maxlen_ - count : 0};
  }

 private:
  i64 maxlen_;
  bool pads_before_, cuts_before_;

  static bool is_pre(std::string const& word, char const* name) {
    if (word != "pre" && word != "post")
      raise<errors::InvalidArgumentError>("pad_sequences: %s must be \"pre\" or \"post\". Received: \"%s\"", name,
                                          word.c_str());
    return word == "pre";
  }
};

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_sample(i64 at, int rank, i64 const* given,
                                                                       i64 const* wanted) {
  raise<errors::InvalidArgumentError>(
      "pad_sequences: shape %s of sequence at position %lld is different from expected shape %s",
      tfx::detail::extents_text(rank, given).text, static_cast<long long>(at),
      tfx::detail::extents_text(rank, wanted).text);
}
[[gnu::noinline]] inline void check_size(i64 n, i64 maxlen, i64 const* sample, int rank) {
  constexpr i64 most = i64{1} << 40;
  i64 room = most / std::max<i64>(n, 1);
  for (int k = 0; k < rank; ++k) room /= std::max<i64>(sample[k], 1);
  if (maxlen > room)
    raise<errors::InvalidArgumentError>("pad_sequences: maxlen is too large for %lld sequences: %lld",
                                        static_cast<long long>(n), static_cast<long long>(maxlen));
}

template <class V>
using item_of = std::remove_cvref_t<decltype(*std::begin(*std::begin(std::declval<V const&>())))>;

}  // namespace detail

/// Sequences of different lengths as one array, [n, maxlen, ...]: short ones are filled up, long ones cut off.
///
///     pad_sequences(std::vector<std::vector<int>>{{1}, {2, 3}, {4, 5, 6}}, {.maxlen = 2});  // {{0, 1}, {2, 3}, {5,
///     6}}
///
/// T is the array's dtype, otherwise that of the sequences (Keras' is int32 whatever they hold). Items are numbers, or
/// arrays of one shape. Refused are other words than "pre" and "post", a negative `maxlen`, numbers that T does not
/// hold, and items of different shapes.
template <class T = void, class Sequences>
  requires data::detail::array_of_rank<detail::item_of<Sequences>>
auto pad_sequences(Sequences const& sequences, pad_options const& o = {}) {
  using Item = detail::item_of<Sequences>;
  using traits = tfx::detail::value_traits<Item>;
  using Element = std::conditional_t<std::is_void_v<T>, data::detail::element_of<Item>, T>;
  constexpr std::size_t item_rank = data::detail::rank_of<Item>;
  constexpr int rank = static_cast<int>(item_rank);

  i64 n = 0, longest = 0;
  bool found = false;
  tfx::detail::shape_of_rank<rank> sample{};
  for (auto const& sequence : sequences) {
    auto const length = static_cast<i64>(std::size(sequence));
    if (length > 0 && !found) {
      found = true;
      if constexpr (rank > 0) sample = traits::shape_of(*std::begin(sequence));
    }
    longest = std::max(longest, length);
    ++n;
  }
  detail::placer const placer(o, longest);
  detail::check_size(n, placer.maxlen(), sample.extent, rank);
  std::array<std::size_t, item_rank + 2> shape{static_cast<std::size_t>(n), static_cast<std::size_t>(placer.maxlen())};
  i64 width = 1;
  for (std::size_t k = 0; k < item_rank; ++k) {
    shape[k + 2] = static_cast<std::size_t>(sample.extent[k]);
    width *= sample.extent[k];
  }
  row_major_tensor<Element, item_rank + 2> result(shape, tfx::detail::fitted<Element>(o.value));

  i64 row = 0;
  for (auto const& sequence : sequences) {
    detail::placing const place = placer.place(static_cast<i64>(std::size(sequence)));
    tfx::detail::copier<Element> out{result.data() + (row * placer.maxlen() + place.at) * width};
    i64 at = 0;
    for (auto const& item : sequence) {
      if constexpr (rank > 0) {
        auto const given = traits::shape_of(item);
        if (!tfx::detail::same_extents(given, sample)) detail::refuse_sample(row, rank, given.extent, sample.extent);
      }
      if (at >= place.first && at < place.first + place.count)
        tfx::detail::copy_value(static_cast<Item const&>(item), out);
      ++at;
    }
    if (out.fault.why != tfx::detail::copy_fault::reason::none)
      tfx::detail::refuse_value(out.fault, dtype_of<Element>, "");
    ++row;
  }
  return result;
}
/// The same of a braced list: `pad_sequences({{1}, {2, 3}})`.
template <class T = std::int32_t>
auto pad_sequences(std::initializer_list<std::initializer_list<T>> sequences, pad_options const& o = {}) {
  return pad_sequences<T, std::initializer_list<std::initializer_list<T>>>(sequences, o);
}

}  // namespace keras::preprocessing::sequence
TFX_END
