// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/operands.hpp>
#include <tfx/graph/outputs.hpp>
#include <tfx/kernel/described.hpp>
#include <tfx/kernel/top_k.hpp>
#include <tfx/op/math/add.hpp>

TFX_BEGIN

/// How many: `top_k(x, k<5>)`.
template <int K>
struct k_t {};
template <int K>
inline constexpr k_t<K> k{};

// What ops share that move numbers along rows by the places in input 1. Each is the other's gradient.
struct row_places {
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.multilinear = true};

  /// For each row: move(row of x, places, row of the result, their lengths).
  template <class Call, class Move>
  static void for_rows(Call const& call, Move move) {
    constexpr dims x = Call::in_shape(0), out = Call::out_shape(), places = Call::in_shape(1);
    constexpr int last = x.rank - 1;
    i64 const rows = call.count(x, 0, last), from = call.extent(x[last]), to = call.extent(out[last]),
              moved = call.extent(places[last]);
    for (i64 i = 0; i < rows; ++i)
      move(call.template in<0>() + i * from, call.template in<1>() + i * moved, call.out() + i * to, from, moved, to);
  }
};
/// The numbers of each row of x at the places in the same row of input 1; 0 where x has no such place.
struct take_in_rows_op : row_places {
  static constexpr auto name = "TakeInRows";
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    if (!call.defer()) call.shape = call.shapes[1];
  }
  static constexpr void gradient(auto& call);
  template <class Call>
  static void run(Call const& call) {
    for_rows(call, [](auto const* x, auto const* places, auto* out, i64 from, i64 moved, i64) {
      for (i64 j = 0; j < moved; ++j) out[j] = places[j] >= 0 && places[j] < from ? x[places[j]] : 0;
    });
  }
};
/// The numbers of each row of x added up at the places in input 1, zeros elsewhere. Words: the rank and the extents of
/// the result.
struct place_in_rows_op : row_places {
  static constexpr auto name = "PlaceInRows";
  static constexpr op_traits traits{.multilinear = true, .first_extent = 1};
  static constexpr void infer(inference& call) {
    call.type = call.types[0];
    call.shape = call.attributes().rest(1).list();
  }
  static constexpr void gradient(auto& call) { call.dx[0] = apply<take_in_rows_op>(call.dy, call.x(1)); }
  template <class Call>
  static void run(Call const& call) {
    for_rows(call, [](auto const* x, auto const* places, auto* out, i64, i64 moved, i64 to) {
      std::fill_n(out, to, 0);
      for (i64 j = 0; j < moved; ++j)
        if (places[j] >= 0 && places[j] < to) out[places[j]] += x[j];
    });
  }
};
template <class Handle>
constexpr Handle place_in_rows(Handle x, Handle places, dims shape) {
  i64 attributes[1 + max_rank] = {shape.rank};
  for (int i = 0; i < shape.rank; ++i) attributes[1 + i] = shape[i];
  return add_node<place_in_rows_op>(attributes, 1 + shape.rank, x, places);
}
constexpr void take_in_rows_op::gradient(auto& call) {
  call.dx[0] = place_in_rows(call.dy, call.x(1), call.x(0).shape());
}

/// The K largest numbers of each row, largest first, and their places. Word: K. Gradient: dy at the places, zeros
/// elsewhere.
struct top_k_op {
  static constexpr auto name = "TopKV2";
  static constexpr op_kind kind = op_kind::kernel;
  static constexpr op_traits traits{.has_outputs = true};
  struct attributes {
    i64 k;
    constexpr explicit attributes(attribute_words w) : k(w[0]) {}
  };

  static constexpr void infer(inference& call) {
    call.outputs = 2;
    any_number(call, call.types[0]);
    call.type = call.output == 1 ? dtype::int32 : call.types[0];
    if (call.failed() || call.defer()) return;
    dims const& x = call.shapes[0];
    if (x.rank == 0) return call.refuse(refusal_kind::axis, x, {}, -1);
    dims most = x;
    most[x.rank - 1] = attributes(call.attributes()).k;
    call.within(0, most[x.rank - 1], x.rank - 1, x, most);
    call.shape = most;
  }
  static constexpr void gradient(auto& call) {
    if (call.dys[0]) call.dx[0] = place_in_rows(call.dys[0], call.output(1), call.x(0).shape());
  }
  static constexpr void tangent(auto& call) { call.tangents[0] = apply<take_in_rows_op>(call.dx[0], call.output(1)); }
  template <class Call>
  static void run(Call const& call) {
    constexpr dims x = Call::in_shape(0);
    constexpr i64 k = attributes(Call::attributes()).k;
    i64 const rows = call.count(x, 0, x.rank - 1), n = call.extent(x[x.rank - 1]);
    typename Call::template in_type<0>* values = nullptr;
    std::int32_t* places = nullptr;
    if constexpr (Call::has_output(0)) values = call.template out<0>();
    if constexpr (Call::has_output(1)) places = call.template out<1>();
    for (i64 i = 0; i < rows; ++i)
      kernel::top_k(call.template in<0>() + i * n, n, values ? values + i * k : values,
                    places ? places + i * k : places, k);
  }
};

namespace nn {
/// The K largest numbers along the last axis, largest first, and where they stand (int32), the lower place first among
/// equals; NaN is smaller than any number: `auto [values, indices] = nn::top_k(x, k<5>);`
template <name Name = "", expression X, int K>
constexpr outputs_with<top_k_op, Name, words<K>, 2, X> top_k(X const& x, k_t<K>) {
  static_assert(K >= 0, "top_k: not less than none");
  return apply_outputs<top_k_op, Name, words<K>, 2>(x);
}
}  // namespace nn

TFX_END
