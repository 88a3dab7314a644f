// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/fused_layout.hpp>

TFX_BEGIN

namespace kernel {

/// What a loop keeps while it runs, and how it gathers sums: in lanes, in memory, in panels of the stack.
template <u64 Hash>
struct fused_sums : fused_layout<Hash> {
  using layout = fused_layout<Hash>;
  using layout::p, layout::rank, layout::inner, layout::lanes, layout::has_panel, layout::panel_bytes, layout::chains,
      layout::stretch, layout::overflows, layout::list_tiles, layout::set_of, layout::is_direct;
  using typename layout::output_indices;
  template <int I>
  using out_type = typename layout::template out_type<I>;
  template <int I>
  using reduction_of = typename layout::template reduction_of<I>;
  template <int I>
  using sum_type = typename layout::template sum_type<I>;
  template <int I>
  using lane_type = typename layout::template lane_type<I>;
  template <int I>
  using memory_type = typename layout::template memory_type<I>;

  template <int I>
  struct accumulator {
    simd::pack<lane_type<I>, lanes> lanes_of[chains];
    sum_type<I> total;  // of what the lanes have been emptied of
  };
  template <class Sequence>
  struct accumulators_of;
  template <int... I>
  struct accumulators_of<std::integer_sequence<int, I...>> : accumulator<I>... {};
  using accumulators = accumulators_of<std::make_integer_sequence<int, p.outputs>>;

  static constexpr int operand_count = p.inputs + p.outputs, moving_count = operand_count + p.sequences;

  struct state {
    char* base[p.inputs + p.outputs + 1];
    i64 extent[rank + 1];
    i64 stride[moving_count + 1][rank + 1];  // in elements
    i64 reduced[p.outputs + 1];              // how many elements a result folds
    i64 begin[rank + 1], end[rank + 1];      // of axes that are cut
    i64 rows_each, rows_left;                // after so many rows lanes are emptied
    i64 rows;                                // how many the loops go down at a time
    bool begins, ends;                       // they are the first, the last
    unsigned char* panel;
    char* result[p.outputs + 1];  // where a panel goes to
    i64 origin[p.outputs + 1];    // the element of the result that a panel begins with
    accumulators acc;
  };

  // By operand, inputs, outputs, then sequences: the axes along which it moves.
  struct operand_axes {
    unsigned of[moving_count + 1];
  };
  static constexpr operand_axes list_axes() {
    operand_axes list{};
    for (int i = 0; i < p.inputs; ++i) list.of[i] = p.values[i].varies;
    for (int i = 0; i < p.outputs; ++i) list.of[p.inputs + i] = p.out[i].varies;
    for (int i = 0; i < p.sequences; ++i) list.of[operand_count + i] = p.values[p.inputs + i].varies;
    return list;
  }
  static constexpr operand_axes moves = list_axes();

  struct offsets {
    i64 of[moving_count + 1];
  };

  using indices = loop_indices<std::make_integer_sequence<int, p.inputs>, std::make_integer_sequence<int, p.sequences>,
                               std::make_integer_sequence<int, p.immediates>, std::make_integer_sequence<int, p.steps>,
                               output_indices>;

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
    if constexpr (p.reduces(I)) {
      if constexpr (p.out[I].place > 0) s.base[p.inputs + I] += p.out[I].place * static_cast<i64>(sizeof(out_type<I>));
      s.reduced[I] = 1;
      for (int a = 0; a < rank; ++a)
        if (!(p.out[I].varies >> a & 1u)) s.reduced[I] *= s.extent[a];
      if constexpr (has_panel(I)) {
        s.result[I] = s.base[p.inputs + I];
      } else if constexpr (!p.folds_at_once(I)) {
        out_type<I>* out = reinterpret_cast<out_type<I>*>(s.base[p.inputs + I]);
        i64 const kept = kept_count<I>(s);
        for (i64 k = 0; k < kept; ++k) out[k] = reduction_of<I>::template identity<out_type<I>>();
      }
    }
  }
  template <int I>
  static constexpr bool finishes() {
    if constexpr (p.reduces(I)) {
      return requires { reduction_of<I>::template finish<out_type<I>>(out_type<I>{}, i64{1}); };
    } else {
      return false;
    }
  }
  template <int I>
  TFX_INLINE static void complete(state& s) {
    if constexpr (finishes<I>() && !p.folds_at_once(I) && (!has_panel(I) || is_direct(I, set_of(I)))) {
      out_type<I>* out = reinterpret_cast<out_type<I>*>(has_panel(I) ? s.result[I] : s.base[p.inputs + I]);
      i64 const kept = kept_count<I>(s);
      for (i64 k = 0; k < kept; ++k) out[k] = reduction_of<I>::template finish<out_type<I>>(out[k], s.reduced[I]);
    }
  }

  // A single number is made around the whole pass: axis -1.
  static constexpr int lanes_begin(int output) { return p.fold_axis(output) == 0 ? -1 : p.fold_axis(output); }
  template <int I>
  TFX_INLINE static void clear_lanes(state& s) {
    for (int c = 0; c < chains; ++c)
      static_cast<accumulator<I>&>(s.acc).lanes_of[c] =
          simd::pack<lane_type<I>, lanes>(reduction_of<I>::template identity<lane_type<I>>());
  }
  template <int I>
  TFX_INLINE static lane_type<I> fold_lanes(state& s) {
    auto& acc = static_cast<accumulator<I>&>(s.acc).lanes_of;
    if constexpr (chains == 1) {
      return reduction_of<I>::fold(acc[0]);
    } else {
      // Not a loop: g++ -O2 would leave it one, and the accumulators in memory.
      static_assert(chains == 4);
      return reduction_of<I>::fold(
          reduction_of<I>::combine(reduction_of<I>::combine(acc[0], acc[2]), reduction_of<I>::combine(acc[1], acc[3])));
    }
  }
  template <int I, bool AcrossRows, unsigned Set>
  TFX_INLINE static void empty_lanes(state& s) {
    if constexpr (overflows(I) && (Set >> I & 1u) && (!AcrossRows || p.fold_axis(I) < inner)) {
      static_cast<accumulator<I>&>(s.acc).total += fold_lanes<I>(s);
      clear_lanes<I>(s);
    }
  }
  template <bool AcrossRows, unsigned Set, int... I>
  TFX_INLINE static void empty_all(state& s, std::integer_sequence<int, I...>) {
    (empty_lanes<I, AcrossRows, Set>(s), ...);
  }

  template <int I>
  TFX_INLINE static i64 panel_count(state const& s, unsigned tiles) {
    i64 count = 1;
    for (int a = p.top_axis(I); a < rank; ++a)
      if (p.keeps(I, a)) count *= tiles >> a & 1u ? s.end[a] - s.begin[a] : s.extent[a];
    return count;
  }
  template <int I, unsigned Set>
  TFX_INLINE static void open_panel(state& s, offsets const& at) {
    constexpr unsigned tiles = list_tiles(Set);
    i64 origin = at.of[p.inputs + I];
    for (int a = p.top_axis(I); a < rank; ++a)
      if (p.keeps(I, a) && (tiles >> a & 1u)) origin += s.begin[a] * s.stride[p.inputs + I][a];
    s.origin[I] = origin;
    int before = 0;
    for (int k = 0; k < I; ++k) before += has_panel(k);
    unsigned char* const panel = s.panel + before * panel_bytes;
    if constexpr (!is_direct(I, Set))
      __builtin_memset(panel, 0, static_cast<std::size_t>(panel_count<I>(s, tiles)) * 8);
    // The loops find elements of the panel at the places that they have in the result.
    s.base[p.inputs + I] =
        reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(panel) - static_cast<std::uintptr_t>(origin) * 8);
  }
  template <int I, unsigned Set>
  TFX_INLINE static void close_panel(state& s) {
    sum_type<I> const* const from = reinterpret_cast<sum_type<I> const*>(s.base[p.inputs + I]) + s.origin[I];
    out_type<I>* const to = reinterpret_cast<out_type<I>*>(s.result[I]) + s.origin[I];
    i64 const count = panel_count<I>(s, list_tiles(Set));
    if constexpr (finishes<I>()) {
      for (i64 k = 0; k < count; ++k) to[k] = reduction_of<I>::template finish<out_type<I>>(from[k], s.reduced[I]);
    } else {
      narrow(from, to, count);
    }
  }

  template <int I, class Sum>
  TFX_INLINE static void finish_sum(state const& s, memory_type<I>* out, Sum total) {
    if constexpr (!p.folds_at_once(I)) {
      *out = reduction_of<I>::combine(*out, static_cast<memory_type<I>>(total));
    } else if constexpr (finishes<I>()) {
      *out = reduction_of<I>::template finish<out_type<I>>(total, s.reduced[I]);
    } else {
      *out = static_cast<out_type<I>>(total);
    }
  }
  static constexpr bool is_opened(int output, int axis, unsigned set) {
    return (set >> output & 1u) && has_panel(output) && p.top_axis(output) == axis;
  }
  template <int I, int Axis, unsigned Set>
  TFX_INLINE static void start(state& s, offsets const& at) {
    if constexpr (is_opened(I, Axis, Set)) open_panel<I, Set>(s, at);
    if constexpr ((Set >> I & 1u) && p.keeps_lanes(I) && lanes_begin(I) == Axis) {
      if constexpr (overflows(I)) static_cast<accumulator<I>&>(s.acc).total = 0;
      clear_lanes<I>(s);
    }
  }
  template <int I, int Axis, unsigned Set>
  TFX_INLINE static void finish(state& s, offsets const& at) {
    if constexpr ((Set >> I & 1u) && p.keeps_lanes(I) && lanes_begin(I) == Axis) {
      lane_type<I> const last = fold_lanes<I>(s);
      memory_type<I>* out = reinterpret_cast<memory_type<I>*>(s.base[p.inputs + I]) + at.of[p.inputs + I];
      if constexpr (overflows(I)) {
        // Short rows have emptied nothing.
        if (p.fold_axis(I) < inner || s.extent[inner] > stretch) {
          finish_sum<I>(s, out, static_cast<accumulator<I>&>(s.acc).total + static_cast<sum_type<I>>(last));
        } else {
          finish_sum<I>(s, out, last);
        }
      } else {
        finish_sum<I>(s, out, last);
      }
    }
    if constexpr (is_opened(I, Axis, Set) && !is_direct(I, Set)) close_panel<I, Set>(s);
  }

  template <int I, unsigned Set>
  TFX_INLINE static void clear_column(state& s) {
    if constexpr ((Set >> I & 1u) && has_panel(I)) clear_lanes<I>(s);
  }
  template <int I, access How, int Chains, unsigned Set>
  TFX_INLINE static void gather_column(state& s, offsets const& at, i64 i, int count) {
    if constexpr ((Set >> I & 1u) && has_panel(I)) {
      auto& acc = static_cast<accumulator<I>&>(s.acc).lanes_of;
#pragma GCC unroll 4
      for (int c = 0; c < Chains; ++c) {
        i64 const to = at.of[p.inputs + I] + i + c * lanes;
        if constexpr (is_direct(I, Set)) {
          out_type<I>* const result = reinterpret_cast<out_type<I>*>(s.result[I]) + to;
          if (s.begins && s.ends) {
            store_as<out_type<I>, lanes, How>(acc[c], result, count);
          } else {
            sum_type<I>* const panel = reinterpret_cast<sum_type<I>*>(s.base[p.inputs + I]) + to;
            auto sum = simd::convert<sum_type<I>>(acc[c]);
            if (!s.begins) sum += simd::pack<sum_type<I>, lanes>::load(panel);
            if (s.ends) {
              store_as<out_type<I>, lanes, How>(simd::convert<out_type<I>>(sum), result, count);
            } else {
              sum.store(panel);
            }
          }
        } else {
          put_as<sink::memory, reduction_of<I>, memory_type<I>, lanes, How>(acc[c], s.base[p.inputs + I], to, 0, acc[c],
                                                                            count);
        }
      }
    }
  }
};

}  // namespace kernel

TFX_END
