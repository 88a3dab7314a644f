// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/inspect/graph_def.hpp>

TFX_BEGIN

namespace detail {
inline std::string shape_text(graph_view const& g, dims const& shape) {
  if (!shape.is_known()) return "<unknown>";
  std::string out = "[";
  for (int i = 0; i < shape.rank; ++i) {
    if (i > 0) out += ',';
    std::string_view const name = g.symbol(shape[i]);
    if (shape[i] >= 0) {
      out += std::to_string(shape[i]);
    } else if (name.empty()) {
      out += '?';
    } else {
      out += name;
    }
  }
  return out + "]";
}
inline std::string output_text(graph_view const& g, node_view const& n, int k) {
  output_view const output = g.output(n, k);
  return std::string(to_string(output.type)) + " " + shape_text(g, output.shape);
}
inline std::string splat_text(node_view const& n) {
  if (n.type == dtype::string) return "\"\"";
  return is_floating(n.type) || is_complex(n.type) ? std::to_string(from_splat_bits<double>(n.bits))
                                                   : std::to_string(n.bits);
}
/// The node that an expression is, or is an output of.
constexpr descriptor const& node_of(descriptor const& d) { return d.op->kind == op_kind::output ? *d.inputs[0] : d; }
/// Text inside the quotes of Graphviz.
inline std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}
}  // namespace detail

/// One line for each node: `loss = Mean(square) float []`.
inline std::string to_string(graph_view const& g) {
  std::string out;
  for (node_view const& n : g.nodes) {
    out.append(n.name).append(" = ").append(n.op).append("(");
    if (n.is_splat) out += detail::splat_text(n);
    for (int i = 0; i < n.input_count; ++i) out.append(i > 0 ? ", " : "").append(g.tensor_name(n, i));
    out += ")";
    for (int k = 0; k < g.output_count(n); ++k) out.append(k > 0 ? ", " : " ").append(detail::output_text(g, n, k));
    out += "\n";
  }
  return out;
}

/// For Graphviz: `dot -Tsvg`.
inline std::string to_dot(graph_view const& g) {
  std::string out = "digraph tfx {\n  node [shape=box];\n";
  for (node_view const& n : g.nodes) {
    std::string const name = detail::escaped(n.name);
    out.append("  \"").append(name).append("\" [label=\"").append(name).append("\\n").append(detail::escaped(n.op));
    for (int k = 0; k < g.output_count(n); ++k) out.append("\\n").append(detail::escaped(detail::output_text(g, n, k)));
    out += "\"];\n";
    for (int i = 0; i < n.input_count; ++i) {
      node_view const& from = g.input(n, i);
      out.append("  \"").append(detail::escaped(from.name)).append("\" -> \"").append(name).append("\"");
      out += g.is_operation(from) ? " [style=dashed];\n" : ";\n";
    }
  }
  return out + "}\n";
}

/// What some expressions reach, as a value: `constexpr auto g = Graph(loss, train);` It holds no tensor and no session.
template <u64... Hash>
class Graph {
  using content = detail::described<Hash...>;

 public:
  constexpr Graph() = default;
  template <typed_expression... X>
  constexpr explicit Graph(X const&...) {}

  /// Every node, inputs first; initial values of variables are among them.
  static constexpr node_list operations() { return {content::nodes.list, content::count.nodes}; }
  static constexpr node_list variables() { return {content::variables.list, content::count.variables}; }
  static constexpr node_list placeholders() { return {content::placeholders.list, content::count.placeholders}; }

  template <typed_expression X>
  static constexpr bool contains(X const&) {
    for (node_view const& n : operations())
      if (n.hash == detail::node_of(meaning(*lookup(key<X::hash>{}))).hash) return true;
    return false;
  }
  static constexpr bool contains(std::string_view name) {
    for (node_view const& n : operations())
      if (n.name == name) return true;
    return false;
  }

  static graph_view view() {
    return {operations(),          content::content.inputs,  content::content.outputs,
            content::content.text, content::content.symbols, content::count.symbols};
  }
  static std::string to_string() { return tfx::to_string(view()); }
  static std::string to_dot() { return tfx::to_dot(view()); }
  static std::string as_graph_def() { return tfx::as_graph_def(view()); }
};
template <typed_expression... X>
Graph(X const&...) -> Graph<X::hash...>;

namespace detail {
/// What is printed of an expression.
constexpr vector<char> tensor_text(descriptor const& printed) {
  descriptor const& d = meaning(printed);
  vector<char> out;
  auto const add = [&](std::string_view text) { out.append(text.data(), static_cast<int>(text.size())); };
  bool const has_value = d.type != dtype::none;
  add(has_value ? "Tensor(\"" : "Operation(\"");
  add(d.name.empty() && d.op->kind == op_kind::splat ? std::string_view("Const") : spoken_name(d));
  add(has_value ? ":" : "\")");
  if (!has_value) return out;
  write_number(out, d.op->kind == op_kind::output ? d.words[0] : 0);
  add("\", shape=");
  if (!d.shape->is_known()) add("<unknown>");
  for (int i = 0; i < d.shape->rank; ++i) {
    add(i == 0 ? "(" : ", ");
    i64 const extent = d.shape->extent[i];
    if (extent >= 0) {
      write_number(out, extent);
    } else {
      std::string_view name = "?";
      for (int k = 0; k < d.symbol_count; ++k)
        if (d.symbols[k].extent == extent && extent != dims::unknown) name = d.symbols[k].text;
      add(name);
    }
  }
  if (d.shape->is_known()) add(d.shape->rank == 0 ? "()" : d.shape->rank == 1 ? ",)" : ")");
  add(", dtype=");
  add(to_string(d.type));
  add(")");
  return out;
}
template <u64 Hash>
struct printed_tensor {
  static constexpr int size = tensor_text(*lookup(key<Hash>{})).count;
  struct characters {
    char list[size];
    constexpr characters() : list{} {
      vector<char> const text = tensor_text(*lookup(key<Hash>{}));
      for (int i = 0; i < size; ++i) list[i] = text.items[i];
    }
  };
  static constexpr characters text{};
};
}  // namespace detail

/// Writes what an expression is: `Tensor("x:0", shape=(batch, 3), dtype=float)`.
template <class Stream, typed_expression X>
  requires requires(Stream& stream, char const* text) { stream.write(text, 1).flush(); }
Stream& operator<<(Stream& stream, X const&) {
  using text = detail::printed_tensor<X::hash>;
  stream.write(text::text.list, text::size);
  return stream;
}

TFX_END
