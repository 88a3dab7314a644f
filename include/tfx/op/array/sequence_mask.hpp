// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/op/array/expand_dims.hpp>
#include <tfx/op/array/range.hpp>
#include <tfx/op/math/cast.hpp>
#include <tfx/op/math/less.hpp>

TFX_BEGIN

/// How long the rows of a mask are: `maxlen<5>`, `maxlen<dim<"steps">>`.
template <auto N>
struct maxlen_t {};
template <auto N>
inline constexpr maxlen_t<N> maxlen{};

/// Rows that are true as far as lengths tell. Words: how long they are. Constant to derivatives.
struct sequence_mask_op {
  static constexpr auto name = "SequenceMask";
  static constexpr op_kind kind = op_kind::composed;
  static constexpr op_traits traits{.simplifies = true, .first_extent = 1};
  static constexpr auto gradient = constant_to_derivatives;
  struct attributes {
    i64 extent;
    constexpr explicit attributes(attribute_words w) : extent(w[1]) {}
  };

  static constexpr void infer(inference& call) {
    if (!is_integer(call.types[0])) return call.refuse_types(refusal_kind::dtype_mismatch, call.types[0], dtype::int64);
    call.type = dtype::boolean;
    if (call.defer()) return;
    dims const& lengths = call.shapes[0];
    if (lengths.rank == max_rank) return call.refuse(refusal_kind::rank, lengths);
    call.shape = lengths;
    call.shape.push_back(call.spelled(attributes(call.attributes()).extent));
  }
  static constexpr void simplify(auto& call) {
    auto const lengths = call.x(0);
    int const last = call.self.shape.rank - 1;
    auto const steps = range(call.graph, lengths.type(), {1, {call.self.shape[last]}});
    call.result = apply<less_op>(steps, expand_dims(lengths, last)).id;
  }
};

namespace detail {
template <auto N>
struct maxlen_words {
  static_assert(extent_of<N>() != dims::unknown, "tfx: sequence_mask: maxlen is a number or a named dimension");
  static_assert(extent_of<N>() >= 0 || extent_of<N>() < dims::unknown, "tfx: sequence_mask: maxlen is not negative");
  static_assert(note_symbols_of<shape_t<N>>());
  using type = words<0, extent_of<N>()>;
};
}  // namespace detail

/// For each length n of whole numbers [..] a row of n true and then false, as bool [.., maxlen]:
/// `sequence_mask(lengths, maxlen<5>)`, `sequence_mask(lengths, maxlen<dim<"steps">>)`. A length that is longer makes a
/// row of true. TensorFlow finds the longest where no maxlen is given; here it must be told.
template <name Name = "", expression L, auto N>
constexpr result_with<sequence_mask_op, Name, typename detail::maxlen_words<N>::type, L> sequence_mask(L const& lengths,
                                                                                                       maxlen_t<N>) {
  return apply<sequence_mask_op, Name, typename detail::maxlen_words<N>::type>(lengths);
}
/// The same in another dtype, as 1 and 0: `sequence_mask<float>(lengths, maxlen<5>)`.
template <element T, name Name = "", expression L, auto N>
constexpr auto sequence_mask(L const& lengths, maxlen_t<N> length) {
  return cast<T, Name>(sequence_mask<>(lengths, length));
}
/// Inside functions over handles, of a length that may be computed: `sequence_mask(lengths, x.shape()[1])`.
template <untyped L>
constexpr L sequence_mask(L const& lengths, i64 length) {
  i64 const words[] = {0, length};
  return detail::add_value(info<sequence_mask_op>, {}, words, 2, lengths);
}

TFX_END
