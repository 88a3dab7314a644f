// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/compiler/run_plan.hpp>
#include <tfx/graph/scratch.hpp>

TFX_BEGIN

namespace detail {

struct scratch_piece {
  int at, buffer;  // the step's place in the order
};

/// Gives buffers their places in arenas, one arena for each product of symbols; a place that is released serves others.
class memory_planner {
 public:
  run_plan out{};

 protected:
  struct hole {
    i64 offset, bytes;
  };

  symbol_table symbols_;
  extent_bounds bounds_;
  vector<i64> bytes_;  // by buffer: what it takes of its arena
  vector<scratch_piece> scratch_;
  vector<vector<hole>> free_;  // by arena

  constexpr explicit memory_planner(symbol_table const& symbols) : symbols_(symbols), bounds_(symbols_) {
    out.arenas.push_back({});
    free_.push_back({});
  }

  constexpr int add_buffer(buffer_kind kind, int index, i64 offset = 0, i64 bytes = 0) {
    out.buffers.push_back({kind, index, offset});
    bytes_.push_back(bytes);
    return bytes_.size() - 1;
  }

  // The arena of a shape, one for each product of symbols, and how many elements a unit of it holds.
  constexpr int arena_of(dims const& shape, i64& count) {
    count = 1;
    bool is_static = true;
    for (int i = 0; i < shape.rank; ++i) {
      count *= shape.extent[i];
      if (shape.extent[i] < 0) is_static = false;
    }
    return is_static ? 0 : symbolic_arena_of(shape, count);
  }
  constexpr int symbolic_arena_of(dims const& shape, i64& count) {
    arena_entry const key = product_of(shape, count);
    for (int a = 0; a < out.arenas.size(); ++a)
      if (out.arenas[a].terms == 0 && same_product(out.arenas[a], key)) return a;
    out.arenas.push_back(key);
    free_.push_back({});
    return out.arenas.size() - 1;
  }
  static constexpr bool same_product(arena_entry const& a, arena_entry const& b) {
    bool same = a.symbol_count == b.symbol_count;
    for (int i = 0; same && i < b.symbol_count; ++i) same = a.symbols[i] == b.symbols[i];
    return same;
  }
  // The symbols of a shape, sorted, and the product of its other extents.
  constexpr arena_entry product_of(dims const& shape, i64& count) {
    arena_entry key;
    count = 1;
    for (int i = 0; i < shape.rank; ++i) {
      i64 const extent = bounds_.of(symbols_.resolve(shape[i]));
      if (extent >= 0) {
        count *= extent;
        continue;
      }
      int const symbol = symbol_of(extent);
      int at = key.symbol_count++;
      for (; at > 0 && key.symbols[at - 1] > symbol; --at) key.symbols[at] = key.symbols[at - 1];
      key.symbols[at] = symbol;
    }
    return key;
  }

  static constexpr i64 rounded(i64 bytes) { return (bytes + 63) / 64 * 64; }

  constexpr int allocate(int arena, i64 bytes) {
    vector<hole>& holes = free_.items[arena];
    for (int i = 0; i < holes.count; ++i) {
      hole& h = holes.items[i];
      if (h.bytes < bytes) continue;
      i64 const offset = h.offset;
      h.offset += bytes;
      h.bytes -= bytes;
      if (h.bytes == 0) {
        h = holes.back();
        holes.pop_back();
      }
      return add_buffer(buffer_kind::arena, arena, offset, bytes);
    }
    i64 const offset = out.arenas[arena].bytes;
    out.arenas[arena].bytes += bytes;
    return add_buffer(buffer_kind::arena, arena, offset, bytes);
  }
  constexpr void release(int buffer) {
    buffer_entry const& b = out.buffers.items[buffer];
    if (b.kind != buffer_kind::arena) return;
    hole freed{b.offset, bytes_.items[buffer]};
    vector<hole>& holes = free_.items[b.index];
    // Neighbours become one hole again.
    for (int i = 0; i < holes.count; ++i) {
      hole const& h = holes.items[i];
      if (h.offset + h.bytes != freed.offset && freed.offset + freed.bytes != h.offset) continue;
      freed = {h.offset < freed.offset ? h.offset : freed.offset, h.bytes + freed.bytes};
      holes.items[i--] = holes.items[--holes.count];
    }
    holes.push_back(freed);
  }

  // `first_piece`: where the step's pieces begin in `scratch_`.
  constexpr int allocate(scratch_request::piece const& piece, int first_piece) {
    i64 count = 0;
    i64 const each = bytes_of(piece.type);
    if (piece.count == 1) {
      int const arena = arena_of(piece.terms[0], count);
      return allocate(arena, rounded((count > 0 ? count : 1) * each));
    }
    // A sum: one arena for each term, which lie one after another. The steps whose scratch is of that form take turns.
    vector<arena_entry> terms;
    for (int i = 0; i < piece.count; ++i) {
      arena_entry term = product_of(piece.terms[i], count);
      term.bytes = rounded((count > 0 ? count : 1) * each);
      term.terms = piece.count - i;
      terms.push_back(term);
    }
    int first = 0;
    while (first < out.arenas.size() && (!are_of_form(first, terms) || is_taken(first, first_piece))) ++first;
    bool const is_new = first == out.arenas.size();
    for (int i = 0; i < piece.count; ++i) {
      if (is_new) {
        out.arenas.push_back(terms[i]);
        free_.push_back({});
      } else if (out.arenas[first + i].bytes < terms[i].bytes) {
        out.arenas[first + i].bytes = terms[i].bytes;
      }
    }
    return add_buffer(buffer_kind::arena, first);
  }
  // Whether a piece of the same step lies in that arena.
  constexpr bool is_taken(int arena, int first_piece) const {
    for (int i = first_piece; i < scratch_.size(); ++i)
      if (out.buffers[scratch_[i].buffer].index == arena) return true;
    return false;
  }
  constexpr bool are_of_form(int first, vector<arena_entry> const& terms) const {
    for (int i = 0; i < terms.size(); ++i)
      if (out.arenas[first + i].terms != terms[i].terms || !same_product(out.arenas[first + i], terms[i])) return false;
    return true;
  }
};

}  // namespace detail
TFX_END
