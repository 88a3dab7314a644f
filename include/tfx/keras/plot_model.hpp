// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <tfx/io/file.hpp>
#include <tfx/keras/model.hpp>

TFX_BEGIN
namespace keras {
namespace utils {
/// What `plot_model` draws.
struct plot_options {
  bool show_shapes = false;
  bool show_layer_names = true;  // else only what each layer is
};
}  // namespace utils

namespace detail {

// Templates, so that only a program that draws pays for what stands here.

/// The layers of a model and what lies between them, as boxes: what each is read from comes before it.
template <class Text>
class model_plot {
 public:
  struct box {
    Text name, kind, input, output;
    std::vector<int> from;
  };

  model_plot(descriptor const* const* outputs, int count) {
    for (int i = 0; i < count; ++i) visit(*outputs[i]);
  }
  std::vector<box> const& boxes() const { return boxes_; }

  /// What stands in a box, line by line.
  static std::vector<Text> lines(box const& b, utils::plot_options const& options) {
    std::vector<Text> all{options.show_layer_names && b.name != b.kind ? b.name + ": " + b.kind : b.kind};
    if (options.show_shapes && !b.input.empty()) all.push_back("input: " + b.input);
    if (options.show_shapes) all.push_back("output: " + b.output);
    return all;
  }

 private:
  std::vector<box> boxes_;
  std::vector<std::pair<u64, int>> known_;  // the box of a hash, or −1

  // The box that computes a tensor; -1 where neither an input nor a layer is behind it.
  int visit(descriptor const& tensor) {
    descriptor const* d = &origin_of(tensor);
    if (d->op->kind == op_kind::output) d = d->inputs[0];
    for (auto const& [hash, number] : known_)
      if (hash == d->hash) return number;
    bool const is_layer = is<layer_op>(d->op), is_input = is<placeholder_op>(d->op);
    int const first = is_layer ? 1 : 0,
              last = is_layer ? 1 + layer_attributes({d->words, d->word_count}).inputs : d->input_count;
    box made{Text(d->name.empty() ? d->op->name : d->name), Text(d->op->name), "", "", {}};
    for (int i = first; i < last; ++i) {
      int const from = visit(*d->inputs[i]);
      if (from < 0) continue;
      if (std::find(made.from.begin(), made.from.end(), from) == made.from.end()) made.from.push_back(from);
      made.input += (made.input.empty() ? "" : ", ") + shape_text(*d->inputs[i]->shape);
    }
    int number = -1;
    if (is_layer || is_input || !made.from.empty()) {
      char text[64];
      layer_facts const facts{
          d->name,   is_layer ? attribute_words{d->words, d->word_count} : attribute_words{nullptr, 0},
          *d->shape, 0,
          0,         0,
          0};
      if (is_layer || is_input) made.kind = facts.type(text);
      made.output = shape_text(*d->shape);
      number = add(made, is_layer);
    }
    known_.push_back({d->hash, number});
    return number;
  }
  // A layer that is called several times is one box.
  int add(box const& made, bool is_layer) {
    for (std::size_t i = 0; is_layer && i < boxes_.size(); ++i) {
      if (boxes_[i].name != made.name || boxes_[i].kind != made.kind) continue;
      for (int from : made.from)
        if (std::find(boxes_[i].from.begin(), boxes_[i].from.end(), from) == boxes_[i].from.end())
          boxes_[i].from.push_back(from);
      return static_cast<int>(i);
    }
    boxes_.push_back(made);
    return static_cast<int>(boxes_.size()) - 1;
  }
};

/// The boxes as a graph of Graphviz.
template <class Text>
[[gnu::noinline]] Text dot_text(model_plot<Text> const& plot, utils::plot_options const& options) {
  Text text = "digraph model {\n  rankdir=TB;\n  node [shape=box, fontname=\"monospace\"];\n";
  for (std::size_t i = 0; i < plot.boxes().size(); ++i) {
    text += "  n" + std::to_string(i) + " [label=\"";
    bool is_first = true;
    for (Text const& line : plot.lines(plot.boxes()[i], options)) {
      if (!is_first) text += "\\n";
      is_first = false;
      for (char c : line) text += (c == '"' || c == '\\' ? "\\" : "") + Text(1, c);
    }
    text += "\"];\n";
  }
  for (std::size_t i = 0; i < plot.boxes().size(); ++i)
    for (int from : plot.boxes()[i].from) text += "  n" + std::to_string(from) + " -> n" + std::to_string(i) + ";\n";
  return text + "}\n";
}

/// The boxes in rows, each below all that it is read from (Sugiyama, Tagawa and Toda, 1981): an arrow that passes a row
/// has a place in it, and places stand near the mean of what they are joined with.
template <class Length>
class plot_layout {
 public:
  struct place {
    int box;  // −1: an arrow passes
    int row;
    Length width, x;  // x of the middle
    std::vector<int> above, below;
  };
  struct arrow {
    std::vector<int> through;  // places
  };

  template <class Text>
  plot_layout(model_plot<Text> const& plot, std::vector<Length> const& widths) {
    auto const& boxes = plot.boxes();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      int row = 0;
      for (int from : boxes[i].from)
        if (from < static_cast<int>(i)) row = std::max(row, places_[static_cast<std::size_t>(from)].row + 1);
      put({static_cast<int>(i), row, widths[i], 0, {}, {}});
    }
    for (std::size_t i = 0; i < boxes.size(); ++i)
      for (int from : boxes[i].from) join(from, static_cast<int>(i));
    for (int sweep = 0; sweep < 8; ++sweep) order(sweep % 2 == 0);
    for (int sweep = 0; sweep < 24; ++sweep) move(sweep % 2 == 0);
    Length left = 0;
    for (place const& p : places_) left = std::min(left, p.x - p.width / 2);
    for (place& p : places_) {
      p.x -= left;
      width_ = std::max(width_, p.x + p.width / 2);
    }
  }
  std::vector<place> const& places() const { return places_; }
  std::vector<arrow> const& arrows() const { return arrows_; }
  std::size_t rows() const { return rows_.size(); }
  Length width() const { return width_; }

 private:
  static constexpr Length gap = 24;
  std::vector<place> places_;
  std::vector<std::vector<int>> rows_;  // of places, from left to right
  std::vector<arrow> arrows_;
  Length width_ = 0;

  place& at(int i) { return places_[static_cast<std::size_t>(i)]; }
  int put(place const& p) {
    if (rows_.size() <= static_cast<std::size_t>(p.row)) rows_.resize(static_cast<std::size_t>(p.row) + 1);
    rows_[static_cast<std::size_t>(p.row)].push_back(static_cast<int>(places_.size()));
    places_.push_back(p);
    return static_cast<int>(places_.size()) - 1;
  }
  void join(int from, int to) {
    arrow a{{from}};
    int last = from;
    for (int row = at(from).row + 1; row <= at(to).row; ++row) {
      int const next = row == at(to).row ? to : put({-1, row, 8, 0, {}, {}});
      at(last).below.push_back(next);
      at(next).above.push_back(last);
      a.through.push_back(last = next);
    }
    if (last != to) a.through.push_back(to);  // a layer that reads what it gave
    arrows_.push_back(a);
  }
  // Sorts each row by the mean place of what it is joined with above, or below.
  void order(bool down) {
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      std::vector<int>& row = rows_[down ? k : rows_.size() - 1 - k];
      for (int p : row) at(p).x = mean(at(p), down, at(p).x);
      std::vector<int> const before = row;
      std::vector<std::pair<Length, std::size_t>> order;  // what stands alike stays in its order
      for (std::size_t i = 0; i < row.size(); ++i) order.emplace_back(at(row[i]).x, i);
      std::sort(order.begin(), order.end());
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = before[order[i].second];
      for (std::size_t i = 0; i < row.size(); ++i) at(row[i]).x = static_cast<Length>(i);
    }
  }
  Length mean(place const& p, bool above, Length otherwise) {
    std::vector<int> const& joined = above ? p.above : p.below;
    Length sum = 0;
    for (int other : joined) sum += at(other).x;
    return joined.empty() ? otherwise : sum / static_cast<Length>(joined.size());
  }
  // Moves each row towards what it is joined with, as far as its places leave room.
  void move(bool down) {
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      std::vector<int> const& row = rows_[down ? k : rows_.size() - 1 - k];
      std::vector<Length> wanted;
      for (int p : row) wanted.push_back(mean(at(p), down, at(p).x));
      Length shift = 0;
      for (std::size_t i = 0; i < row.size(); ++i) {
        place& p = at(row[i]);
        p.x = wanted[i];
        if (i > 0) p.x = std::max(p.x, at(row[i - 1]).x + (at(row[i - 1]).width + p.width) / 2 + gap);
        shift += wanted[i] - p.x;
      }
      for (int p : row) at(p).x += shift / static_cast<Length>(row.size());
    }
  }
};

/// The boxes as a picture.
template <class Text>
[[gnu::noinline]] Text svg_text(model_plot<Text> const& plot, utils::plot_options const& options) {
  constexpr double letter = 7.2, line_height = 16, padding = 10, between_rows = 36, margin = 12;  // of 12px monospace
  std::vector<std::vector<Text>> all;
  std::vector<double> widths;
  std::size_t most_lines = 1;
  for (auto const& b : plot.boxes()) {
    all.push_back(plot.lines(b, options));
    std::size_t longest = 0;
    for (Text const& line : all.back()) longest = std::max(longest, line.size());
    widths.push_back(static_cast<double>(longest) * letter + 2 * padding);
    most_lines = std::max(most_lines, all.back().size());
  }
  plot_layout<double> const layout(plot, widths);
  double const height = static_cast<double>(most_lines) * line_height + padding, step = height + between_rows;
  auto const number = [](double v) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", v);
    return Text(text);
  };
  auto const point = [&](double x, double y) { return number(x) + " " + number(y); };
  auto const x_of = [&](int p) { return margin + layout.places()[static_cast<std::size_t>(p)].x; };
  auto const y_of = [&](int p) { return margin + layout.places()[static_cast<std::size_t>(p)].row * step; };

  Text const width = number(layout.width() + 2 * margin),
             whole = number(static_cast<double>(layout.rows()) * step - between_rows + 2 * margin);
  Text text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + whole +
              "\" viewBox=\"0 0 " + width + " " + whole +
              "\" font-family=\"monospace\" font-size=\"12\">\n<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" "
              "refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 "
              "8z\"/></marker></defs>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  for (auto const& a : layout.arrows()) {
    Text path = "M" + point(x_of(a.through[0]), y_of(a.through[0]) + height);
    for (std::size_t i = 1; i < a.through.size(); ++i) {
      double const x0 = x_of(a.through[i - 1]), y0 = y_of(a.through[i - 1]) + height, x1 = x_of(a.through[i]),
                   y1 = y_of(a.through[i]), middle = (y0 + y1) / 2;
      path += "C" + point(x0, middle) + " " + point(x1, middle) + " " + point(x1, y1);
      if (i + 1 < a.through.size()) path += "L" + point(x1, y1 + height);
    }
    text += "<path d=\"" + path + "\" fill=\"none\" stroke=\"black\" marker-end=\"url(#arrow)\"/>\n";
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    double const x = x_of(static_cast<int>(i)), y = y_of(static_cast<int>(i));
    text += "<rect x=\"" + number(x - widths[i] / 2) + "\" y=\"" + number(y) + "\" width=\"" + number(widths[i]) +
            "\" height=\"" + number(height) + "\" rx=\"3\" fill=\"#eef3fa\" stroke=\"black\"/>\n";
    double const first = y + (height - static_cast<double>(all[i].size()) * line_height) / 2 + 12;
    for (std::size_t k = 0; k < all[i].size(); ++k) {
      text += "<text x=\"" + number(x) + "\" y=\"" + number(first + static_cast<double>(k) * line_height) +
              "\" text-anchor=\"middle\">";
      for (char c : all[i][k]) text += c == '<' ? "&lt;" : c == '&' ? "&amp;" : Text(1, c);
      text += "</text>\n";
    }
  }
  return text + "</svg>\n";
}

template <class Text>
[[gnu::noinline]] void write_plot(descriptor const* const* outputs, int count, Text const& path,
                                  utils::plot_options const& options) {
  auto const ends_in = [&](std::string_view end) {
    return path.size() > end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0;
  };
  bool const is_svg = ends_in(".svg");
  if (!is_svg && !ends_in(".dot"))
    raise<errors::InvalidArgumentError>("plot_model writes a file .dot or .svg: %s", path.c_str());
  model_plot<Text> const plot(outputs, count);
  Text const text = is_svg ? svg_text(plot, options) : dot_text(plot, options);
  io::write_file(path, text.data(), text.size());
}
}  // namespace detail

namespace utils {
/// Draws a model's layers, and the ops between them, into a file: a picture `.svg`, or Graphviz' text `.dot`.
/// `plot_model(model, "model.svg", {.show_shapes = true})`. The file appears as a whole or not at all.
/// InvalidArgumentError for another ending, NotFoundError where there is no such folder.
template <name Name, class... In, class... Out>
void plot_model(model<Name, std::tuple<In...>, std::tuple<Out...>> const&, std::string const& to_file,
                plot_options const& options = {}) {
  static constexpr descriptor const* outputs[] = {lookup(key<Out::hash>{})...};
  keras::detail::write_plot(outputs, sizeof...(Out), to_file, options);
}
}  // namespace utils

}  // namespace keras
TFX_END
