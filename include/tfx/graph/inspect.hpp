// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/graph/graph_def.hpp>

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
inline std::string splat_text(node_view const& n) {
  if (n.type == dtype::string) return "\"\"";
  return is_floating(n.type) || is_complex(n.type) ? std::to_string(from_splat_bits<double>(n.bits)) : std::to_string(n.bits);
}
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
    for (int i = 0; i < n.input_count; ++i) out.append(i > 0 ? ", " : "").append(g.input(n, i).name);
    out += ")";
    if (n.type != dtype::none)
      out.append(" ").append(to_string(n.type)).append(" ").append(detail::shape_text(g, n.shape));
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
    if (n.type != dtype::none)
      out.append("\\n").append(to_string(n.type)).append(" ").append(detail::escaped(detail::shape_text(g, n.shape)));
    out += "\"];\n";
    for (int i = 0; i < n.input_count; ++i) {
      node_view const& from = g.input(n, i);
      out.append("  \"").append(detail::escaped(from.name)).append("\" -> \"").append(name).append("\"");
      out += from.type == dtype::none ? " [style=dashed];\n" : ";\n";
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
      if (n.hash == X::hash) return true;
    return false;
  }
  static constexpr bool contains(std::string_view name) {
    for (node_view const& n : operations())
      if (n.name == name) return true;
    return false;
  }

  static graph_view view() {
    return {operations(), content::content.inputs, content::content.text, content::content.symbols,
            content::count.symbols};
  }
  static std::string to_string() { return tfx::to_string(view()); }
  static std::string to_dot() { return tfx::to_dot(view()); }
  static std::string as_graph_def() { return tfx::as_graph_def(view()); }
};
template <typed_expression... X>
Graph(X const&...) -> Graph<X::hash...>;

TFX_END
