// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/effects.hpp>

TFX_BEGIN

/// One value of an op of several outputs.
struct output_view {
  dtype type = dtype::none;
  dims shape{};
};
/// What a node reads: an output of another.
struct source_view {
  int node;
  int output;
};
/// A node as its reader sees it.
struct node_view {
  u64 hash = 0;
  std::string_view name, op;
  dtype type = dtype::none;
  dims shape{};
  int first_input = 0, input_count = 0;
  bool is_splat = false;
  i64 bits = 0;  // of a splat: its number
  // Of an op of several outputs, which has no dtype of its own.
  bool has_outputs = false;
  int first_output = 0, output_count = 0;
  bool is_named = false;  // by the program
  // Of an optimizer's step: its rule, and how many variables that keeps beside each.
  std::string_view optimizer{};
  int slots = 0;
};
/// Nodes in the order in which they are computed.
struct node_list {
  node_view const* data;
  int count;

  constexpr int size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr node_view const& operator[](int i) const { return data[i]; }
  constexpr node_view const* begin() const { return data; }
  constexpr node_view const* end() const { return data + count; }
};

namespace detail {

/// What some descriptors reach, inputs first, each once, with names that are unique as TensorFlow makes them so.
class describer {
 public:
  struct entry {
    descriptor const* d;
    int first_input, input_count;
    int name_at = 0, name_size = 0, op_at = 0, op_size = 0;
    int first_output = 0, output_count = 0;
  };
  struct symbol_text {
    i64 extent;
    int at, size;
  };
  vector<entry> nodes;
  vector<int> inputs;         // nodes …
  vector<int> input_outputs;  // … and which of their outputs
  int output_count = 0;       // of all ops of several
  vector<char> text;
  vector<symbol_text> symbols;

  /// `initial_values`: those of variables too, which a run does not read.
  constexpr describer(descriptor const* const* roots, int count, bool initial_values)
      : initial_values_(initial_values) {
    for (int i = 0; i < count; ++i) visit(meaning(*roots[i]));
    // Names that were given are kept where that is possible, so they come first.
    for (bool given : {true, false})
      for (entry& e : nodes)
        if (e.d->name.empty() != given) name_node(e);
    for (entry& e : nodes) {
      e.op_at = text.size();
      add(type_name(*e.d));
      e.op_size = text.size() - e.op_at;
    }
  }
  constexpr bool initializes() const {
    for (entry const& e : nodes)
      if (is<initialize_op>(e.d->op)) return true;
    return false;
  }

 private:
  struct slot {
    u64 key = 0;
    int value = -1;
  };
  struct frame {
    descriptor const* d;
    int next;
  };
  bool initial_values_;
  vector<slot> seen_ = vector<slot>(64), names_ = vector<slot>(64);
  int seen_count_ = 0, name_count_ = 0;

  static constexpr std::string_view default_name(descriptor const& d) {
    return d.op->kind == op_kind::splat ? std::string_view("Const") : d.op->name;
  }
  static constexpr slot& find(vector<slot>& table, int count, u64 key) {
    if (2 * count >= table.size()) {
      vector<slot> old = table;
      table = vector<slot>(2 * old.size());
      for (slot const& s : old)
        if (s.value >= 0) place(table, s.key) = s;
    }
    return place(table, key);
  }
  static constexpr slot& place(vector<slot>& table, u64 key) {
    u64 const mask = static_cast<u64>(table.size() - 1);
    u64 at = key & mask;
    while (table[static_cast<int>(at)].value >= 0 && table[static_cast<int>(at)].key != key) at = (at + 1) & mask;
    return table[static_cast<int>(at)];
  }

  constexpr bool shows(descriptor const& d, int input) const {
    return !d.inputs[input]->op->state && !d.inputs[input]->op->is_token && (initial_values_ || !is<variable_op>(d.op));
  }
  constexpr void visit(descriptor const& root) {
    vector<frame> stack;
    stack.push_back({&root, 0});
    while (!stack.empty()) {
      frame& top = stack.back();
      descriptor const& d = *top.d;
      bool ready = find(seen_, seen_count_, identity_of(d)).value < 0;
      if (!ready) {
        stack.pop_back();
        continue;
      }
      while (ready && top.next < d.input_count) {
        int const i = top.next++;
        descriptor const& input = meaning(*d.inputs[i]);
        if (!shows(d, i) || find(seen_, seen_count_, identity_of(input)).value >= 0) continue;
        stack.push_back({&input, 0});
        ready = false;
      }
      if (!ready) continue;
      if (d.op->kind == op_kind::output) {
        int const of = find(seen_, seen_count_, identity_of(*d.inputs[0])).value;
        find(seen_, seen_count_, identity_of(d)) = {identity_of(d), of};
      } else {
        find(seen_, seen_count_, identity_of(d)) = {identity_of(d), nodes.size()};
        add_entry(d);
      }
      ++seen_count_;
      for (int i = 0; i < d.symbol_count; ++i) note_symbol(d.symbols[i]);
      stack.pop_back();
    }
  }
  constexpr void add_entry(descriptor const& d) {
    entry e{&d, inputs.size(), 0};
    for (int i = 0; i < d.input_count; ++i) {
      if (!shows(d, i)) continue;
      descriptor const& x = meaning(*d.inputs[i]);
      int const output = x.op->kind == op_kind::output ? static_cast<int>(x.words[0]) : 0;
      inputs.push_back(find(seen_, seen_count_, identity_of(x)).value);
      input_outputs.push_back(output);
    }
    e.input_count = inputs.size() - e.first_input;
    e.first_output = output_count;
    if (d.op->has_outputs) e.output_count = tfx::detail::output_count(d);
    output_count += e.output_count;
    nodes.push_back(e);
  }
  constexpr void note_symbol(named_extent const& s) {
    if (s.extent == 0) return;
    for (symbol_text const& known : symbols)
      if (known.extent == s.extent) return;
    symbols.push_back({s.extent, text.size(), static_cast<int>(s.text.size())});
    add(s.text);
  }

  constexpr void add(std::string_view more) {
    for (char c : more) text.push_back(c);
  }
  constexpr u64 key_of(int from) const {
    u64 hash = 0;
    for (int i = from; i < text.size(); ++i) {
      char const c = text[i];
      hash = mix(hash, static_cast<u64>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
    }
    return hash;
  }
  // "Add", "Add_1", "Add_2": the first number that is free; capitals do not tell names apart.
  constexpr void name_node(entry& e) {
    e.name_at = text.size();
    add(e.d->name.empty() ? default_name(*e.d) : e.d->name);
    int const stem = text.size();
    u64 const key = key_of(e.name_at);
    u64 unique = key;
    for (int i = find(names_, name_count_, key).value; find(names_, name_count_, unique).value >= 0; ++i) {
      text.resize(stem);
      text.push_back('_');
      write_number(text, i);
      unique = key_of(e.name_at);
      find(names_, name_count_, key).value = i + 1;
    }
    find(names_, name_count_, unique) = {unique, 1};
    ++name_count_;
    e.name_size = text.size() - e.name_at;
  }
};

struct description_counts {
  int nodes, inputs, outputs, text, symbols, variables, placeholders;
};
template <u64... Hash>
struct roots_of {
  static constexpr descriptor const* list[sizeof...(Hash) + 1] = {lookup(key<Hash>{})..., nullptr};
  static constexpr describer describe(bool initial_values = true) {
    return describer(list, static_cast<int>(sizeof...(Hash)), initial_values);
  }
};

constexpr description_counts count_description(describer const& d) {
  description_counts c{d.nodes.size(), d.inputs.size(), d.output_count, d.text.size(), d.symbols.size(), 0, 0};
  for (auto const& e : d.nodes) {
    if (is<variable_op>(e.d->op)) ++c.variables;
    if (is<placeholder_op>(e.d->op)) ++c.placeholders;
  }
  return c;
}
/// The same as plain arrays, which a program can keep.
template <description_counts C>
struct frozen_description {
  char text[C.text + 1]{};
  source_view inputs[C.inputs + 1]{};
  output_view outputs[C.outputs + 1]{};
  describer::symbol_text symbols[C.symbols + 1]{};

  constexpr explicit frozen_description(describer const& d) {
    for (int i = 0; i < C.text; ++i) text[i] = d.text[i];
    for (int i = 0; i < C.inputs; ++i) inputs[i] = {d.inputs[i], d.input_outputs[i]};
    for (describer::entry const& e : d.nodes) {
      for (int k = 0; k < e.output_count; ++k) {
        output_view& output = outputs[e.first_output + k];
        refusal none;
        output.type =
            infer_from(*e.d->op, e.d->inputs, e.d->input_count, e.d->words, e.d->word_count, output.shape, none, k)
                .type;
      }
    }
    for (int i = 0; i < C.symbols; ++i) symbols[i] = d.symbols[i];
  }
};
// Apart from the rest, since descriptors exist at compile time only.
template <description_counts C>
struct described_entries {
  describer::entry list[C.nodes + 1]{};
  constexpr explicit described_entries(describer const& d) {
    for (int i = 0; i < C.nodes; ++i) list[i] = d.nodes[i];
  }
};
template <u64... Hash>
struct described {
  static constexpr description_counts count = count_description(roots_of<Hash...>::describe());
  static constexpr frozen_description<count> content{roots_of<Hash...>::describe()};
  static constexpr described_entries<count> entries{roots_of<Hash...>::describe()};

  template <int N>
  struct views {
    node_view list[N + 1]{};
  };
  template <int N>
  static constexpr views<N> select(u64 op) {
    views<N> out;
    int at = 0;
    for (int i = 0; i < count.nodes; ++i) {
      describer::entry const& e = entries.list[i];
      if (op != 0 && e.d->op->hash != op) continue;
      node_view& v = out.list[at++];
      v = {e.d->hash,
           text(e.name_at, e.name_size),
           text(e.op_at, e.op_size),
           e.d->type,
           *e.d->shape,
           e.first_input,
           e.input_count,
           e.d->op->kind == op_kind::splat,
           0,
           e.d->op->has_outputs,
           e.first_output,
           e.output_count,
           !e.d->name.empty(),
           e.d->op->updates ? e.d->op->name : std::string_view(),
           e.d->op->slots};
      if (v.is_splat) v.bits = e.d->words[0];
    }
    return out;
  }
  static constexpr std::string_view text(int at, int size) {
    return {content.text + at, static_cast<std::size_t>(size)};
  }
  static constexpr auto nodes = select<count.nodes>(0);
  static constexpr auto variables = select<count.variables>(info<variable_op>.hash);
  static constexpr auto placeholders = select<count.placeholders>(info<placeholder_op>.hash);
};
}  // namespace detail

TFX_END
