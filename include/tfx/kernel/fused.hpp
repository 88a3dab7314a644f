// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>
#include <tfx/kernel/operands.hpp>
#include <tfx/kernel/shuffle.hpp>
#include <tfx/simd/simd.hpp>
#include <utility>

TFX_BEGIN

namespace kernel {

/// A loop over a space of extents in which every element of several results is computed from inputs that vary along
/// some of the axes: chains of elementwise ops, broadcasts, casts and selects, and reductions of them.
struct fused_program {
  static constexpr int most_inputs = 24, most_steps = 20, most_outputs = most_steps;

  struct axis {
    i64 coefficient;  // the extent is this, times the symbols
    int symbols[max_rank];
    int symbol_count;
  };
  struct value {
    dtype type;
    unsigned varies;  // inputs: the axes along which it has more than one element
    i64 bits;         // immediates: the number
  };
  /// Where an input's elements are: in a column of rows of `stride` elements, in the memory of input `base`.
  struct source {
    int stride, column, base;
  };
  struct step {
    u64 op;
    dtype type;
    int arguments[4];
    int count;
  };
  struct output {
    dtype type;
    unsigned varies;  // the axes along which it has more than one element
    int from;         // the value that is stored or reduced
    int place;        // it begins at this element of its memory
    u64 reduction;    // its op, 0 for a plain store
  };

  int rank, inputs, immediates, steps, outputs, symbols;
  axis axes[max_rank];
  value values[most_inputs + 2 * most_steps];  // inputs, immediates, then what the steps give
  source sources[most_inputs];
  step program[most_steps];
  output out[most_outputs];
};

/// The words of a fused kernel's description; `decode_fused` is the way back.
constexpr fused_program decode_fused(i64 const* words) {
  fused_program p{};
  int at = 1;
  i64 const counts = words[at++];
  auto const byte = [](i64 word, int i) { return static_cast<int>(word >> (8 * i) & 255); };
  p.rank = byte(counts, 0);
  p.inputs = byte(counts, 1);
  p.immediates = byte(counts, 2);
  p.steps = byte(counts, 3);
  p.outputs = byte(counts, 4);
  p.symbols = byte(counts, 5);
  for (int i = 0; i < p.rank; ++i) {
    p.axes[i].coefficient = words[at++];
    // A byte for each symbol of the axis.
    for (u64 packed = static_cast<u64>(words[at++]); packed != 0; packed >>= 8)
      p.axes[i].symbols[p.axes[i].symbol_count++] = static_cast<int>(packed & 255) - 1;
  }
  for (int i = 0; i < p.inputs; ++i, ++at) {
    p.values[i] = {static_cast<dtype>(byte(words[at], 0)), static_cast<unsigned>(byte(words[at], 1)), 0};
    p.sources[i] = {byte(words[at], 2), byte(words[at], 3), byte(words[at], 4)};
  }
  for (int i = 0; i < p.immediates; ++i, at += 2)
    p.values[p.inputs + i] = {static_cast<dtype>(words[at]), 0, words[at + 1]};
  for (int i = 0; i < p.steps; ++i, at += 2) {
    fused_program::step& s = p.program[i];
    s.op = static_cast<u64>(words[at]);
    s.type = static_cast<dtype>(byte(words[at + 1], 0));
    s.count = byte(words[at + 1], 1);
    for (int k = 0; k < s.count; ++k) s.arguments[k] = byte(words[at + 1], 2 + k);
    p.values[p.inputs + p.immediates + i].type = s.type;
  }
  for (int i = 0; i < p.outputs; ++i, at += 2)
    p.out[i] = {static_cast<dtype>(byte(words[at], 0)), static_cast<unsigned>(byte(words[at], 1)), byte(words[at], 2),
                byte(words[at], 3), static_cast<u64>(words[at + 1])};
  return p;
}

// What a loop does with one register of elements, for all loops alike: a function of a loop's own costs the compiler.
/// How an operand is read: one element for all lanes, all lanes, or the first `count`.
enum class access { one, all, first };
template <class T, int L, access How, int Stride = 1, int Column = 0>
TFX_INLINE simd::pack<T, L> load_as(char const* base, i64 at, i64 i, int count) {
  T const* const from = reinterpret_cast<T const*>(base) + at * Stride;
  if constexpr (How == access::one) {
    return simd::pack<T, L>(from[Column]);
  } else if constexpr (Stride > 1) {
    return load_column<Stride, Column, T, L>(from + i * Stride, How == access::all ? L : count);
  } else if constexpr (How == access::all) {
    return simd::pack<T, L>::load(from + i);
  } else {
    return simd::pack<T, L>::load(from + i, count);
  }
}
template <class T, int L, access How>
TFX_INLINE void store_as(simd::pack<T, L> const& value, T* to, int count) {
  if constexpr (How == access::all) {
    value.store(to);
  } else {
    value.store(to, count);
  }
}
/// The op of the first `Count` of four values.
template <class Op, class Result, int Count, class A, class B, class C, class D>
TFX_INLINE Result compute_as([[maybe_unused]] A const& a, [[maybe_unused]] B const& b, [[maybe_unused]] C const& c,
                             [[maybe_unused]] D const& d) {
  if constexpr (requires { Op::template convert<Result>(a); }) {
    return Op::template convert<Result>(a);
  } else if constexpr (Count == 1) {
    return Op::value(a);
  } else if constexpr (Count == 2) {
    return Op::value(a, b);
  } else if constexpr (Count == 3) {
    return Op::value(a, b, c);
  } else {
    return Op::value(a, b, c, d);
  }
}
/// Where a value goes.
enum class sink { store, lanes, memory };
/// Stores a value, or folds it by `Op` into the lanes of `sum` or into memory.
template <sink Where, class Op, class T, int L, access How>
TFX_INLINE void put_as(simd::pack<T, L> const& value, char* base, i64 at, [[maybe_unused]] i64 i,
                       [[maybe_unused]] simd::pack<T, L>& sum, [[maybe_unused]] int count) {
  [[maybe_unused]] T* const to = reinterpret_cast<T*>(base) + at + i;
  if constexpr (Where == sink::store) {
    store_as<T, L, How>(value, to, count);
  } else if constexpr (Where == sink::memory) {
    simd::pack<T, L> const before = load_as<T, L, How>(base, at, i, count);
    store_as<T, L, How>(Op::combine(before, value), to, count);
  } else if constexpr (How == access::first) {
    auto const first = simd::pack<bool, L>::from_bits((u64{1} << (count - 1) << 1) - 1);
    sum = simd::select(first, Op::combine(sum, value), sum);
  } else {
    sum = Op::combine(sum, value);
  }
}
/// Instead of a reduction.
struct no_reduction {};
template <u64 Op>
struct reduction_or_none {
  using type = op_of<Op>;
};
template <>
struct reduction_or_none<0> {
  using type = no_reduction;
};
template <class Inputs, class Immediates, class Steps, class Outputs>
struct loop_indices {};
/// The value of each operand and step so far. Bases are named where they are read: a function would cost the compiler.
template <int I, class T>
struct cell {
  T value;
};
template <class Indices, class... T>
struct cells;
template <int... I, class... T>
struct cells<std::integer_sequence<int, I...>, T...> : cell<I, T>... {};

template <u64 Hash>
struct fused {
  static constexpr fused_program p = decode_fused(kernel_description(description_key<Hash>{}).word);
  static constexpr int rank = p.rank;
  static constexpr int inner = rank - 1;

  static constexpr bool is_static(int axis) { return p.axes[axis].symbol_count == 0; }

  // Lanes: a register of the smallest dtype of 4 bytes or more, no wider than a short static row needs.
  static constexpr int choose_lanes() {
    int bytes = 0;
    auto const see = [&](dtype d) {
      int const b = bytes_of(d);
      if (b >= 4 && (bytes == 0 || b < bytes)) bytes = b;
    };
    for (int i = 0; i < p.inputs; ++i) see(p.values[i].type);
    for (int i = 0; i < p.steps; ++i) see(p.program[i].type);
    int count = simd::width<float> * 4 / (bytes == 0 ? 4 : bytes);
    if (rank == 0) return 1;
    int const last = rank > 0 ? inner : 0;
    while (count > 1 && is_static(last) && p.axes[last].coefficient <= count / 2) count /= 2;
    return count;
  }
  static constexpr int lanes = choose_lanes();

  template <dtype D>
  using pack = simd::pack<type_of<D>, lanes>;

  template <int I>
  using cell_of = cell<I, pack<p.values[I].type>>;
  template <int... I>
  static cells<std::integer_sequence<int, I...>, pack<p.values[I].type>...> list_cells(
      std::integer_sequence<int, I...>);
  using registers = decltype(list_cells(std::make_integer_sequence<int, p.inputs + p.immediates + p.steps>{}));

  // The outermost axis from which on a reduction folds every axis: there its lanes start, and there they are folded.
  static constexpr int fold_axis(int output) {
    int axis = rank;
    while (axis > 0 && !(p.out[output].varies >> (axis - 1) & 1u)) --axis;
    return axis;
  }
  static constexpr bool reduces(int output) { return p.out[output].reduction != 0; }
  static constexpr bool keeps_lanes(int output) { return reduces(output) && fold_axis(output) < rank; }
  static constexpr bool find_reductions(bool only_lanes) {
    for (int i = 0; i < p.outputs; ++i)
      if (only_lanes ? keeps_lanes(i) : reduces(i)) return true;
    return false;
  }
  static constexpr bool any_lanes = find_reductions(true), any_reduction = find_reductions(false);
  // Independent partial results hide the latency of an addition.
  static constexpr int chains = any_lanes && p.steps <= 12 ? 4 : 1;

  template <int I>
  struct accumulator {
    simd::pack<type_of<p.out[I].type>, lanes> lanes_of[chains];
  };
  template <class Sequence>
  struct accumulators_of;
  template <int... I>
  struct accumulators_of<std::integer_sequence<int, I...>> : accumulator<I>... {};
  using accumulators = accumulators_of<std::make_integer_sequence<int, p.outputs>>;

  struct state {
    char* base[p.inputs + p.outputs + 1];
    i64 extent[rank + 1];
    i64 stride[p.inputs + p.outputs + 1][rank + 1];  // in elements
    i64 reduced[p.outputs + 1];                      // how many elements a result folds
    accumulators acc;
  };

  // By operand, inputs then outputs: the axes along which it moves.
  struct operand_axes {
    unsigned of[p.inputs + p.outputs + 1];
  };
  static constexpr operand_axes list_axes() {
    operand_axes list{};
    for (int i = 0; i < p.inputs; ++i) list.of[i] = p.values[i].varies;
    for (int i = 0; i < p.outputs; ++i) list.of[p.inputs + i] = p.out[i].varies;
    return list;
  }
  static constexpr operand_axes moves = list_axes();
  static constexpr int operand_count = p.inputs + p.outputs;

  struct offsets {
    i64 of[operand_count + 1];
  };

  using output_indices = std::make_integer_sequence<int, p.outputs>;
  using indices = loop_indices<std::make_integer_sequence<int, p.inputs>, std::make_integer_sequence<int, p.immediates>,
                               std::make_integer_sequence<int, p.steps>, output_indices>;

  template <int I>
  using out_type = type_of<p.out[I].type>;
  template <int I>
  using reduction_of = typename reduction_or_none<p.out[I].reduction>::type;

  static void run(void* const* buffers, std::uint16_t const* slots, i64 const* extents) {
    operands const o{buffers, slots, slots + operand_count, extents};
    state s;
    for (int a = 0; a < rank; ++a) {
      s.extent[a] = p.axes[a].coefficient;
      for (int k = 0; k < p.axes[a].symbol_count; ++k) s.extent[a] *= extents[o.symbols[p.axes[a].symbols[k]]];
    }
    for (int i = 0; i < operand_count; ++i) s.base[i] = o.at<char>(i);
    if constexpr (rank > 1) {
      for (int i = 0; i < operand_count; ++i) {
        i64 stride = 1;
        for (int a = inner; a >= 0; --a) {
          bool const along = moves.of[i] >> a & 1u;
          s.stride[i][a] = along ? stride : 0;
          if (along) stride *= s.extent[a];
        }
      }
    }
    if constexpr (any_reduction) {
      reduce(s, output_indices{});
    } else {
      nest<0>(s, offsets{});
    }
  }
  template <int... I>
  TFX_INLINE static void reduce(state& s, std::integer_sequence<int, I...>) {
    (prefill<I>(s), ...);
    nest<0>(s, offsets{});
    (complete<I>(s), ...);
  }

  // All folded axes are the innermost ones, so that one pass over them gives the final value.
  static constexpr bool folds_at_once(int output) {
    if (!keeps_lanes(output)) return false;
    for (int a = 0; a < fold_axis(output); ++a)
      if (!(p.out[output].varies >> a & 1u)) return false;
    return true;
  }
  template <int I>
  TFX_INLINE static i64 kept_count(state const& s) {
    i64 kept = 1;
    for (int a = 0; a < rank; ++a)
      if (p.out[I].varies >> a & 1u) kept *= s.extent[a];
    return kept;
  }
  // A result that is folded in one go is written there; others are gathered in memory.
  template <int I>
  TFX_INLINE static void prefill(state& s) {
    if constexpr (reduces(I)) {
      if constexpr (p.out[I].place > 0) s.base[p.inputs + I] += p.out[I].place * static_cast<i64>(sizeof(out_type<I>));
      s.reduced[I] = 1;
      for (int a = 0; a < rank; ++a)
        if (!(p.out[I].varies >> a & 1u)) s.reduced[I] *= s.extent[a];
      if constexpr (!folds_at_once(I)) {
        out_type<I>* out = reinterpret_cast<out_type<I>*>(s.base[p.inputs + I]);
        i64 const kept = kept_count<I>(s);
        for (i64 k = 0; k < kept; ++k) out[k] = reduction_of<I>::template identity<out_type<I>>();
      }
    }
  }
  template <int I>
  static constexpr bool finishes() {
    if constexpr (reduces(I)) {
      return requires { reduction_of<I>::finish(out_type<I>{}, i64{1}); };
    } else {
      return false;
    }
  }
  template <int I>
  TFX_INLINE static void complete(state& s) {
    if constexpr (finishes<I>() && !folds_at_once(I)) {
      out_type<I>* out = reinterpret_cast<out_type<I>*>(s.base[p.inputs + I]);
      i64 const kept = kept_count<I>(s);
      for (i64 k = 0; k < kept; ++k) out[k] = reduction_of<I>::finish(out[k], s.reduced[I]);
    }
  }

  template <int I, int Axis>
  TFX_INLINE static void start(state& s) {
    if constexpr (keeps_lanes(I) && fold_axis(I) == Axis) {
      for (int c = 0; c < chains; ++c)
        static_cast<accumulator<I>&>(s.acc).lanes_of[c] =
            simd::pack<out_type<I>, lanes>(reduction_of<I>::template identity<out_type<I>>());
    }
  }
  template <int I, int Axis>
  TFX_INLINE static void finish(state& s, offsets const& at) {
    if constexpr (keeps_lanes(I) && fold_axis(I) == Axis) {
      auto& acc = static_cast<accumulator<I>&>(s.acc).lanes_of;
      for (int c = chains / 2; c > 0; c /= 2)
        for (int k = 0; k < c; ++k) acc[k] = reduction_of<I>::combine(acc[k], acc[k + c]);
      out_type<I> const total = reduction_of<I>::fold(acc[0]);
      out_type<I>* out = reinterpret_cast<out_type<I>*>(s.base[p.inputs + I]) + at.of[p.inputs + I];
      if constexpr (!folds_at_once(I)) {
        *out = reduction_of<I>::combine(*out, total);
      } else if constexpr (finishes<I>()) {
        *out = reduction_of<I>::finish(total, s.reduced[I]);
      } else {
        *out = total;
      }
    }
  }

  template <int Axis>
  TFX_INLINE static void nest(state& s, offsets const& at) {
    if constexpr (any_lanes) start_all<Axis>(s, output_indices{});
    if constexpr (rank == 0) {
      block<access::first>(s, at, 0, 1, 0, indices{});
    } else if constexpr (Axis < inner) {
      offsets here = at;
      for (i64 i = 0; i < s.extent[Axis]; ++i) {
        nest<Axis + 1>(s, here);
        for (int k = 0; k < operand_count; ++k)
          if (moves.of[k] >> Axis & 1u) here.of[k] += s.stride[k][Axis];
      }
    } else {
      // What a row of static length cannot need is not written: the compiler would read it only to throw it away.
      constexpr i64 known = is_static(inner) ? p.axes[inner].coefficient : -1;
      i64 const n = known >= 0 ? known : s.extent[inner];
      i64 i = 0;
      if constexpr (chains > 1 && (known < 0 || known >= chains * lanes)) {
        for (; i + chains * lanes <= n; i += chains * lanes) {
          // g++ -O2 leaves the loop as it is, and the accumulators in memory.
#pragma GCC unroll 4
          for (int c = 0; c < chains; ++c) block<access::all>(s, at, i + c * lanes, 0, c, indices{});
        }
      }
      if constexpr (known < 0 || known >= lanes)
        for (; i + lanes <= n; i += lanes) block<access::all>(s, at, i, 0, 0, indices{});
      if constexpr (known < 0 || known % lanes > 0)
        if (i < n) block<access::first>(s, at, i, static_cast<int>(n - i), 0, indices{});
    }
    if constexpr (any_lanes) finish_all<Axis>(s, at, output_indices{});
  }
  template <int Axis, int... I>
  TFX_INLINE static void start_all([[maybe_unused]] state& s, std::integer_sequence<int, I...>) {
    (start<I, Axis>(s), ...);
  }
  template <int Axis, int... I>
  TFX_INLINE static void finish_all([[maybe_unused]] state& s, [[maybe_unused]] offsets const& at,
                                    std::integer_sequence<int, I...>) {
    (finish<I, Axis>(s, at), ...);
  }

  static constexpr access read(int input, access how) {
    return rank > 0 && (p.values[input].varies >> (rank > 0 ? inner : 0) & 1u) ? how : access::one;
  }
  static constexpr sink where(int output) {
    return !reduces(output) ? sink::store : keeps_lanes(output) ? sink::lanes : sink::memory;
  }
  // One register of elements, from place `i` of a row on.
  template <access How, int... In, int... Immediate, int... Step, int... Out>
  TFX_INLINE static void block(state& s, offsets const& at, [[maybe_unused]] i64 i, [[maybe_unused]] int count,
                               [[maybe_unused]] int chain,
                               loop_indices<std::integer_sequence<int, In...>, std::integer_sequence<int, Immediate...>,
                                            std::integer_sequence<int, Step...>, std::integer_sequence<int, Out...>>) {
    registers r;
    ((r.cell_of<In>::value =
          load_as<type_of<p.values[In].type>, lanes, read(In, How), p.sources[In].stride, p.sources[In].column>(
              s.base[p.sources[In].base], at.of[In], i, count)),
     ...);
    ((r.cell_of<p.inputs + Immediate>::value = pack<p.values[p.inputs + Immediate].type>(
          from_splat_bits<type_of<p.values[p.inputs + Immediate].type>>(p.values[p.inputs + Immediate].bits))),
     ...);
    ((r.cell_of<p.inputs + p.immediates + Step>::value =
          compute_as<op_of<p.program[Step].op>, pack<p.program[Step].type>, p.program[Step].count>(
              r.cell_of<p.program[Step].arguments[0]>::value, r.cell_of<p.program[Step].arguments[1]>::value,
              r.cell_of<p.program[Step].arguments[2]>::value, r.cell_of<p.program[Step].arguments[3]>::value)),
     ...);
    (put_as<where(Out), reduction_of<Out>, out_type<Out>, lanes, How>(r.cell_of<p.out[Out].from>::value,
                                                                      s.base[p.inputs + Out], at.of[p.inputs + Out], i,
                                                                      s.acc.accumulator<Out>::lanes_of[chain], count),
     ...);
  }
};

}  // namespace kernel

TFX_END
