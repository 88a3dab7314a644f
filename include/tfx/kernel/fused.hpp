// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/leaves.hpp>
#include <tfx/kernel/operands.hpp>
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
    int symbols[4];
    int symbol_count;
  };
  struct value {
    dtype type;
    unsigned varies;  // inputs and outputs: the axes along which it has more than one element
    i64 bits;         // immediates: the number
  };
  struct step {
    u64 op;
    dtype type;
    int arguments[4];
    int count;
  };
  struct output {
    dtype type;
    unsigned varies;
    int from;       // the value that is stored or reduced
    u64 reduction;  // its op, 0 for a plain store
  };

  int rank, inputs, immediates, steps, outputs, symbols;
  axis axes[max_rank];
  value values[most_inputs + 2 * most_steps];  // inputs, immediates, then what the steps give
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
    for (i64 packed = words[at++]; packed != 0; packed >>= 8)
      p.axes[i].symbols[p.axes[i].symbol_count++] = static_cast<int>(packed & 255) - 1;
  }
  for (int i = 0; i < p.inputs; ++i, ++at)
    p.values[i] = {static_cast<dtype>(byte(words[at], 0)), static_cast<unsigned>(byte(words[at], 1)), 0};
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
                static_cast<u64>(words[at + 1])};
  return p;
}

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
    int lanes = simd::width<float> * 4 / (bytes == 0 ? 4 : bytes);
    if (rank == 0) return 1;
    int const last = rank > 0 ? inner : 0;
    while (lanes > 1 && is_static(last) && p.axes[last].coefficient <= lanes / 2) lanes /= 2;
    return lanes;
  }
  static constexpr int lanes = choose_lanes();

  template <dtype D>
  using pack = simd::pack<type_of<D>, lanes>;

  // The value of each step so far. Bases are named where they are read: a function for each would cost the compiler.
  template <int I>
  struct cell {
    pack<p.values[I].type> value;
  };
  template <class Sequence>
  struct cells;
  template <int... I>
  struct cells<std::integer_sequence<int, I...>> : cell<I>... {};
  using registers = cells<std::make_integer_sequence<int, p.inputs + p.immediates + p.steps>>;

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

  using input_indices = std::make_integer_sequence<int, p.inputs>;
  using immediate_indices = std::make_integer_sequence<int, p.immediates>;
  using step_indices = std::make_integer_sequence<int, p.steps>;
  using output_indices = std::make_integer_sequence<int, p.outputs>;

  template <int I>
  using out_type = type_of<p.out[I].type>;
  template <int I>
  using reduction_of = op_of<p.out[I].reduction>;

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
      block<1>(s, at, 0, 1, 0);
    } else if constexpr (Axis < inner) {
      offsets here = at;
      for (i64 i = 0; i < s.extent[Axis]; ++i) {
        nest<Axis + 1>(s, here);
        for (int k = 0; k < operand_count; ++k)
          if (moves.of[k] >> Axis & 1u) here.of[k] += s.stride[k][Axis];
      }
    } else {
      row(s, at);
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

  // What a row of static length cannot need is not written: the compiler would read it only to throw it away.
  static constexpr bool may_hold(i64 count) { return !is_static(inner) || p.axes[inner].coefficient >= count; }
  static constexpr bool may_leave_rest() { return !is_static(inner) || p.axes[inner].coefficient % lanes > 0; }

  TFX_INLINE static void row(state& s, offsets const& at) {
    i64 const n = is_static(inner) ? p.axes[inner].coefficient : s.extent[inner];
    i64 i = 0;
    if constexpr (chains > 1 && may_hold(chains * lanes)) {
      for (; i + chains * lanes <= n; i += chains * lanes) {
        // g++ -O2 leaves the loop as it is, and the accumulators in memory.
#pragma GCC unroll 4
        for (int c = 0; c < chains; ++c) block<0>(s, at, i + c * lanes, 0, c);
      }
    }
    if constexpr (may_hold(lanes))
      for (; i + lanes <= n; i += lanes) block<0>(s, at, i, 0, 0);
    if constexpr (may_leave_rest())
      if (i < n) block<1>(s, at, i, static_cast<int>(n - i), 0);
  }

  // One register of elements (Tail: only `count` of them).
  template <int Tail>
  TFX_INLINE static void block(state& s, offsets const& at, i64 i, int count, int chain) {
    registers r;
    compute_all<Tail>(s, at, r, i, count, chain, input_indices{}, immediate_indices{}, step_indices{},
                      output_indices{});
  }
  template <int Tail, int... In, int... Immediate, int... Step, int... Out>
  TFX_INLINE static void compute_all(state& s, offsets const& at, registers& r, [[maybe_unused]] i64 i,
                                     [[maybe_unused]] int count, [[maybe_unused]] int chain,
                                     std::integer_sequence<int, In...>, std::integer_sequence<int, Immediate...>,
                                     std::integer_sequence<int, Step...>, std::integer_sequence<int, Out...>) {
    (load<In, Tail>(s, at, r, i, count), ...);
    ((r.cell<p.inputs + Immediate>::value = immediate<p.inputs + Immediate>()), ...);
    (compute<Step>(r, std::make_integer_sequence<int, p.program[Step].count>{}), ...);
    (put<Out, Tail>(s, at, r, i, count, chain), ...);
  }

  template <int I, int Tail>
  TFX_INLINE static void load(state const& s, offsets const& at, registers& r, i64 i, int count) {
    using T = type_of<p.values[I].type>;
    T const* from = reinterpret_cast<T const*>(s.base[I]) + at.of[I];
    if constexpr (rank == 0 || !(p.values[I].varies >> (rank > 0 ? inner : 0) & 1u)) {
      r.cell<I>::value = simd::pack<T, lanes>(*from);
    } else if constexpr (Tail) {
      r.cell<I>::value = simd::pack<T, lanes>::load(from + i, count);
    } else {
      r.cell<I>::value = simd::pack<T, lanes>::load(from + i);
    }
  }

  template <int I>
  TFX_INLINE static auto immediate() {
    return pack<p.values[I].type>(from_splat_bits<type_of<p.values[I].type>>(p.values[I].bits));
  }

  template <int Step, int... A>
  TFX_INLINE static void compute(registers& r, std::integer_sequence<int, A...>) {
    using op = op_of<p.program[Step].op>;
    using result = pack<p.program[Step].type>;
    auto& to = r.cell<p.inputs + p.immediates + Step>::value;
    if constexpr (requires { op::template convert<result>(r.cell<p.program[Step].arguments[A]>::value...); }) {
      to = op::template convert<result>(r.cell<p.program[Step].arguments[A]>::value...);
    } else {
      to = op::value(r.cell<p.program[Step].arguments[A]>::value...);
    }
  }

  template <int I, int Tail>
  TFX_INLINE static void put(state& s, offsets const& at, registers& r, i64 i, int count, int chain) {
    using vector_type = simd::pack<out_type<I>, lanes>;
    vector_type const& v = r.cell<p.out[I].from>::value;
    out_type<I>* out = reinterpret_cast<out_type<I>*>(s.base[p.inputs + I]) + at.of[p.inputs + I];
    if constexpr (!reduces(I)) {
      if constexpr (rank == 0) {
        v.store(out, 1);
      } else if constexpr (Tail) {
        v.store(out + i, count);
      } else {
        v.store(out + i);
      }
    } else if constexpr (keeps_lanes(I)) {
      auto& acc = static_cast<accumulator<I>&>(s.acc).lanes_of[chain];
      if constexpr (Tail) {
        auto const first = simd::pack<bool, lanes>::from_bits((u64{1} << (count - 1) << 1) - 1);
        acc = simd::select(first, reduction_of<I>::combine(acc, v), acc);
      } else {
        acc = reduction_of<I>::combine(acc, v);
      }
    } else if constexpr (Tail) {
      reduction_of<I>::combine(vector_type::load(out + i, count), v).store(out + i, count);
    } else {
      reduction_of<I>::combine(vector_type::load(out + i), v).store(out + i);
    }
  }
};

}  // namespace kernel

TFX_END
