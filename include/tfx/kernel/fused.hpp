// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/kernel/fused_layout.hpp>

TFX_BEGIN

namespace kernel {

template <u64 Hash>
struct fused : fused_layout<Hash> {
  using layout = fused_layout<Hash>;
  using layout::p, layout::rank, layout::inner, layout::lanes, layout::any_lanes, layout::any_reduction,
      layout::is_exact, layout::has_panel, layout::panels, layout::panel_size, layout::panel_bytes, layout::chains,
      layout::stretch, layout::overflows, layout::any_overflow, layout::any_overflow_across_rows, layout::all_outputs,
      layout::list_tiles, layout::fits_one_pass, layout::set_of, layout::down_axis, layout::stores, layout::is_direct;
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
  template <dtype D>
  using pack = simd::pack<type_of<D>, lanes>;

  template <int I>
  using cell_of = cell<I, pack<p.values[I].type>>;
  template <int... I>
  static cells<std::integer_sequence<int, I...>, pack<p.values[I].type>...> list_cells(
      std::integer_sequence<int, I...>);
  using registers = decltype(list_cells(std::make_integer_sequence<int, p.inputs + p.immediates + p.steps>{}));

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

  struct state {
    char* base[p.inputs + p.outputs + 1];
    i64 extent[rank + 1];
    i64 stride[p.inputs + p.outputs + 1][rank + 1];  // in elements
    i64 reduced[p.outputs + 1];                      // how many elements a result folds
    i64 begin[rank + 1], end[rank + 1];              // of axes that are cut
    i64 rows_each, rows_left;                        // after so many rows lanes are emptied
    i64 rows;                                        // how many the loops go down at a time
    bool begins, ends;                               // they are the first, the last
    unsigned char* panel;
    char* result[p.outputs + 1];  // where a panel goes to
    i64 origin[p.outputs + 1];    // the element of the result that a panel begins with
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

  using indices = loop_indices<std::make_integer_sequence<int, p.inputs>, std::make_integer_sequence<int, p.immediates>,
                               std::make_integer_sequence<int, p.steps>, output_indices>;

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
      nest<0, all_outputs>(s, offsets{});
    }
  }
  template <int... I>
  TFX_INLINE static void reduce(state& s, std::integer_sequence<int, I...>) {
    if constexpr (any_overflow_across_rows) {
      s.rows_each = most_added / (s.extent[inner] / (chains * lanes) + chains);
      if (s.rows_each < 1) s.rows_each = 1;
      s.rows_left = s.rows_each;
    }
    (prefill<I>(s), ...);
    if constexpr (panels == 0) {
      pass<all_outputs>(s);
    } else {
      alignas(64) unsigned char memory[panels * panel_bytes];
      s.panel = memory;
      if constexpr (fits_one_pass()) {
        pass<all_outputs>(s);
      } else {
        constexpr unsigned rest = all_outputs & ~(0u | ... | (has_panel(I) ? 1u << I : 0u));
        (pass_alone<I>(s), ...);
        if constexpr (rest != 0) pass<rest>(s);
      }
    }
    (complete<I>(s), ...);
  }
  template <int I>
  TFX_INLINE static void pass_alone(state& s) {
    if constexpr (has_panel(I)) pass<set_of(I)>(s);
  }
  /// The whole space, one part after another where panels do not hold all results.
  template <unsigned Set>
  TFX_INLINE static void pass(state& s) {
    constexpr unsigned tiles = list_tiles(Set);
    if constexpr (any_lanes) start_all<-1, Set>(s, offsets{}, output_indices{});
    if constexpr (tiles == 0) {
      nest<0, Set>(s, offsets{});
    } else {
      i64 step[rank], room = panel_size;
      for (int a = inner; a >= 0; --a) {
        if (!(tiles >> a & 1u)) continue;
        step[a] = s.extent[a] < room ? s.extent[a] : room;
        room = step[a] < s.extent[a] ? 1 : step[a] > 1 ? room / step[a] : room;
        s.begin[a] = 0;
      }
      for (int a = 0; a >= 0;) {
        for (int k = 0; k < rank; ++k)
          if (tiles >> k & 1u) s.end[k] = s.extent[k] - s.begin[k] < step[k] ? s.extent[k] : s.begin[k] + step[k];
        nest<0, Set>(s, offsets{});
        for (a = inner; a >= 0; --a) {
          if (!(tiles >> a & 1u)) continue;
          s.begin[a] = s.end[a];
          if (s.begin[a] < s.extent[a]) break;
          s.begin[a] = 0;
        }
      }
    }
    if constexpr (any_lanes) finish_all<-1, Set>(s, offsets{}, output_indices{});
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

  template <int Axis, unsigned Set>
  TFX_INLINE static void nest(state& s, offsets const& at) {
    [[maybe_unused]] constexpr bool cut = rank > 0 && list_tiles(Set) >> (rank > 0 ? Axis : 0) & 1u;
    if constexpr (any_lanes || panels > 0) start_all<Axis, Set>(s, at, output_indices{});
    if constexpr (rank == 0) {
      block<access::first, Set, false>(s, at, 0, 1, 0, indices{});
    } else if constexpr (Axis == down_axis(Set)) {
      offsets here = at;
      i64 const at_once = rows_at_once(s.extent[inner], stores(Set));
      i64 left = s.extent[Axis];
      s.begins = true;
      do {
        s.rows = left < at_once ? left : at_once;
        left -= s.rows;
        s.ends = left == 0;
        nest<Axis + 1, Set>(s, here);
        advance<Axis>(s, here, s.rows);
        s.begins = false;
      } while (left > 0);
    } else if constexpr (Axis < inner) {
      offsets here = at;
      if constexpr (cut) advance<Axis>(s, here, s.begin[Axis]);
      for (i64 i = cut ? s.begin[Axis] : 0; i < (cut ? s.end[Axis] : s.extent[Axis]); ++i) {
        nest<Axis + 1, Set>(s, here);
        advance<Axis>(s, here, 1);
      }
    } else if constexpr (down_axis(Set) >= 0) {
      go_down<Set>(s, at);
    } else {
      // What a row of static length cannot need is not written: the compiler would read it only to throw it away.
      constexpr i64 known = p.is_static(inner) && !cut ? p.axes[inner].coefficient : -1;
      constexpr bool empties = any_overflow && (known < 0 || known > stretch);
      i64 const n = known >= 0 ? known : cut ? s.end[inner] : s.extent[inner];
      i64 i = cut ? s.begin[inner] : 0;
      if constexpr ((chains > 1 || empties) && (known < 0 || known >= chains * lanes)) {
        do {
          i64 const stop = empties && n - i > stretch ? i + stretch : n;
          for (; i + chains * lanes <= stop; i += chains * lanes) {
            // g++ -O2 leaves the loop as it is, and the accumulators in memory.
#pragma GCC unroll 4
            for (int c = 0; c < chains; ++c) block<access::all, Set, false>(s, at, i + c * lanes, 0, c, indices{});
          }
          if constexpr (empties)
            if (stop < n) empty_all<false, Set>(s, output_indices{});
        } while (empties && i + chains * lanes <= n);
      }
      if constexpr ((chains > 1 || !empties) && (known < 0 || known >= lanes))
        for (; i + lanes <= n; i += lanes) block<access::all, Set, false>(s, at, i, 0, 0, indices{});
      if constexpr (known < 0 || known % lanes > 0)
        if (i < n) block<access::first, Set, false>(s, at, i, static_cast<int>(n - i), 0, indices{});
      if constexpr (any_overflow_across_rows) {
        if (--s.rows_left == 0) {
          empty_all<true, Set>(s, output_indices{});
          s.rows_left = s.rows_each;
        }
      }
    }
    if constexpr (any_lanes || panels > 0) finish_all<Axis, Set>(s, at, output_indices{});
  }
  /// A row and those below it, a few columns at a time.
  template <unsigned Set>
  TFX_INLINE static void go_down(state& s, offsets const& at) {
    constexpr bool cut = list_tiles(Set) >> inner & 1u;
    constexpr i64 known = p.is_static(inner) && !cut ? p.axes[inner].coefficient : -1;
    i64 const n = known >= 0 ? known : cut ? s.end[inner] : s.extent[inner];
    i64 i = cut ? s.begin[inner] : 0;
    if constexpr (chains > 1 && (known < 0 || known >= chains * lanes))
      for (; i + chains * lanes <= n; i += chains * lanes)
        strip<access::all, chains, Set>(s, at, i, 0, output_indices{});
    if constexpr (known < 0 || known >= lanes)
      for (; i + lanes <= n; i += lanes) strip<access::all, 1, Set>(s, at, i, 0, output_indices{});
    if constexpr (known < 0 || known % lanes > 0)
      if (i < n) strip<access::first, 1, Set>(s, at, i, static_cast<int>(n - i), output_indices{});
  }
  template <access How, int Chains, unsigned Set, int... I>
  TFX_INLINE static void strip(state& s, offsets const& at, i64 i, int count, std::integer_sequence<int, I...>) {
    (clear_column<I, Set>(s), ...);
    offsets here = at;
    for (i64 row = 0; row < s.rows; ++row) {
#pragma GCC unroll 4
      for (int c = 0; c < Chains; ++c) block<How, Set, true>(s, here, i + c * lanes, count, c, indices{});
      advance<down_axis(Set)>(s, here, 1);
    }
    (gather_column<I, How, Chains, Set>(s, at, i, count), ...);
    empty_all<true, Set>(s, output_indices{});
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
  template <int Axis>
  TFX_INLINE static void advance(state const& s, offsets& at, i64 by) {
    TFX_UNROLL for (int k = 0; k < operand_count; ++k) {
      if (moves.of[k] >> Axis & 1u) at.of[k] += by * s.stride[k][Axis];
    }
  }
  template <int Axis, unsigned Set, int... I>
  TFX_INLINE static void start_all([[maybe_unused]] state& s, [[maybe_unused]] offsets const& at,
                                   std::integer_sequence<int, I...>) {
    (start<I, Axis, Set>(s, at), ...);
  }
  template <int Axis, unsigned Set, int... I>
  TFX_INLINE static void finish_all([[maybe_unused]] state& s, [[maybe_unused]] offsets const& at,
                                    std::integer_sequence<int, I...>) {
    (finish<I, Axis, Set>(s, at), ...);
  }

  static constexpr access read(int input, access how) {
    return rank > 0 && (p.values[input].varies >> (rank > 0 ? inner : 0) & 1u) ? how : access::one;
  }
  static constexpr sink where(int output, unsigned set, bool down) {
    if (!(set >> output & 1u)) return sink::none;
    if (!p.reduces(output)) return sink::store;
    return p.keeps_lanes(output) || down ? sink::lanes : sink::memory;
  }
  // One register of elements, from place `i` of a row on.
  template <access How, unsigned Set, bool Down, int... In, int... Immediate, int... Step, int... Out>
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
    (put_as<where(Out, Set, Down), reduction_of<Out>, memory_type<Out>, lanes, How>(
         r.cell_of<p.out[Out].from>::value, s.base[p.inputs + Out], at.of[p.inputs + Out], i,
         s.acc.accumulator<Out>::lanes_of[chain], count),
     ...);
  }
};

}  // namespace kernel

TFX_END
