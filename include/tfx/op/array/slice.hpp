// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <concepts>
#include <tfx/graph/function.hpp>
#include <tfx/graph/operands.hpp>
#include <tfx/kernel/copy_box.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/op/math/add.hpp>
#include <tfx/shape/axes.hpp>

TFX_BEGIN

/// A box of x. Gradient: dy in its place among zeros.
struct slice_op {
  static constexpr auto name = "Slice";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true, .first_extent = 1};
  // How many axes, where the box begins along each of max_rank axes, its extents.
  struct attributes {
    dims begin, size;  // a size of -1 is all that is left
    constexpr explicit attributes(attribute_words w)
        : begin(w.list(1, static_cast<int>(w[0]))), size(w.list(1 + max_rank)) {}
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    auto const [begin, size] = attributes(call.attributes());
    if (begin.rank != x.rank || size.rank != x.rank) return call.refuse(refusal_kind::rank, x, size);
    for (int i = 0; i < x.rank; ++i) {
      bool const rest = size[i] == dims::unknown;
      call.within(begin[i], rest ? 0 : size[i], i, x, size);
      if (call.failed()) return;
      call.shape.push_back(rest ? call.derived(extent_rule::subtract, x[i], begin[i]) : size[i]);
    }
  }
  static constexpr void gradient(auto& call);

  static constexpr void simplify(simplification& call) {
    // One spelling: the extents as numbers or symbols, since a kernel must not see "all that is left".
    for (int i = 0; i < call.self.shape.rank; ++i) call.words[1 + max_rank + i] = call.self.shape[i];
    dims const begin = attributes(call.attributes()).begin;
    bool whole = true;
    for (int i = 0; i < begin.rank; ++i) whole = whole && begin[i] == 0;
    if (whole) call.keep(0);
  }

  template <class Call>
  static void run(Call const& call) {
    constexpr int rank = Call::out_shape().rank;
    i64 from[rank + 1], to[rank + 1], source[rank + 1], extents[rank + 1];
    for (int i = 0; i < rank; ++i) {
      source[i] = call.extent(Call::in_shape(0)[i]);
      extents[i] = call.extent(Call::out_shape()[i]);
    }
    kernel::row_major_strides(source, rank, from);
    kernel::row_major_strides(extents, rank, to);
    constexpr dims begin = attributes(Call::attributes()).begin;
    i64 corner = 0;
    for (int i = 0; i < rank; ++i) corner += call.extent(begin[i]) * from[i];
    if (call.count(Call::out_shape()) == 0) return;  // what is fed may then have no memory
    kernel::copy_box(call.template in<0>() + corner, from, call.out(), to, extents, rank);
  }
};

namespace detail {
template <class Begin, class Size>
struct slice_words;
template <i64... B, auto... S>
struct slice_words<index_t<B...>, shape_t<S...>> {
  static_assert(sizeof...(B) == sizeof...(S), "slice: index<…> and shape<…> name every axis");
  static_assert(((B >= 0) && ...), "slice: it begins at 0 or later");
  static_assert(note_symbols_of<shape_t<S...>>());
  static constexpr i64 begin(int i) {
    constexpr i64 list[sizeof...(B) + 1] = {B..., 0};
    return i < static_cast<int>(sizeof...(B)) ? list[i] : 0;
  }
  static_assert(max_rank == 8);
  using type = words<sizeof...(B), begin(0), begin(1), begin(2), begin(3), begin(4), begin(5), begin(6), begin(7),
                     extent_of<S>()...>;
};
}  // namespace detail

/// The box of x that begins at `begin` and has the shape `size`; an extent of -1 is all that is left, one with a name
/// what a run tells it to be: `slice(x, index<0, 1>, shape<-1, 2>)`.
template <name Name = "", expression X, i64... Begin, auto... Size>
constexpr result_with<slice_op, Name, typename detail::slice_words<index_t<Begin...>, shape_t<Size...>>::type, X> slice(
    X const& x, index_t<Begin...>, shape_t<Size...>) {
  return apply<slice_op, Name, typename detail::slice_words<index_t<Begin...>, shape_t<Size...>>::type>(x);
}
// A template, so that braced lists, which could be dims too, go to the next one.
template <std::same_as<handle> X, std::same_as<dims> Shape>
constexpr handle slice(X x, Shape const& begin, Shape const& size) {
  i64 attributes[1 + 2 * max_rank] = {x.rank()};
  for (int i = 0; i < x.rank(); ++i) {
    attributes[1 + i] = begin[i];
    attributes[1 + max_rank + i] = size[i];
  }
  return add_node<slice_op>(attributes, 1 + max_rank + x.rank(), x);
}

namespace detail {
inline void a_slice_needs_a_begin_and_a_size_for_each_axis() {}  // no constant expression: calling it is the error
}  // namespace detail
/// Inside functions over handles, of places that may be computed: `slice(x, {0, i}, {-1, 2})`.
template <untyped X, class Op = slice_op>
constexpr X slice(X const& x, extents begin, extents size) {
  int const rank = begin.value.rank;
  if (size.value.rank != rank) detail::a_slice_needs_a_begin_and_a_size_for_each_axis();
  i64 words[1 + 2 * max_rank] = {rank};
  for (int i = 0; i < rank; ++i) {
    words[1 + i] = begin.value[i];
    words[1 + max_rank + i] = size.value[i];
  }
  return detail::add_value(info<Op>, {}, words, 1 + max_rank + rank, x);
}

/// x between zeros. Gradient: the box of dy where x lies.
struct pad_op {
  static constexpr auto name = "Pad";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true, .simplifies = true, .first_extent = 1};
  // How the rest is told, how many zeros come before along each of max_rank axes, the rest.
  struct attributes {
    bool tells_result;
    dims before, rest;  // the rest: the extents of the result, or how many zeros come after
    constexpr explicit attributes(attribute_words w)
        : tells_result(w[0] != 0), before(w.list(1, max_rank)), rest(w.list(1 + max_rank)) {}
  };

  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (call.defer()) return;
    dims const& x = call.shapes[0];
    auto const [tells_result, before, rest] = attributes(call.attributes());
    if (rest.rank != x.rank) return call.refuse(refusal_kind::rank, x, rest);
    for (int i = 0; i < x.rank; ++i)
      call.shape.push_back(tells_result ? rest[i] : call.derived(extent_rule::add, x[i], before[i] + rest[i]));
  }
  static constexpr void gradient(auto& call) {
    call.dx[0] = slice(call.dy, attributes(call.attributes()).before, call.x(0).shape());
  }
  static constexpr void simplify(simplification& call) {
    call.words[0] = 1;
    for (int i = 0; i < call.self.shape.rank; ++i) call.words[1 + max_rank + i] = call.self.shape[i];
  }

  template <class Call>
  static void run(Call const& call) {
    constexpr int rank = Call::out_shape().rank;
    using T = typename Call::out_type;
    i64 from[rank + 1], to[rank + 1], source[rank + 1], extents[rank + 1];
    for (int i = 0; i < rank; ++i) {
      source[i] = call.extent(Call::in_shape(0)[i]);
      extents[i] = call.extent(Call::out_shape()[i]);
    }
    kernel::row_major_strides(source, rank, from);
    kernel::row_major_strides(extents, rank, to);
    std::fill_n(call.out(), call.count(Call::out_shape()), T{});
    constexpr dims before = attributes(Call::attributes()).before;
    i64 corner = 0;
    for (int i = 0; i < rank; ++i) corner += call.extent(before[i]) * to[i];
    kernel::copy_box(call.template in<0>(), from, call.out() + corner, to, source, rank);
  }
};

/// x in the box of `shape` that begins at `begin`, zeros around it.
template <std::same_as<handle> X, std::same_as<dims> Shape>
constexpr handle pad(X x, Shape const& begin, Shape const& shape) {
  i64 attributes[1 + 2 * max_rank] = {1};
  for (int i = 0; i < x.rank(); ++i) {
    attributes[1 + i] = begin[i];
    attributes[1 + max_rank + i] = shape[i];
  }
  return add_node<pad_op>(attributes, 1 + max_rank + x.rank(), x);
}
constexpr void slice_op::gradient(auto& call) {
  call.dx[0] = pad(call.dy, attributes(call.attributes()).begin, call.x(0).shape());
}

TFX_END
