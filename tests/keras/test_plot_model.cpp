// SPDX-License-Identifier: Apache-2.0
#include <io/folder.hpp>
#include <tfx/keras/activations.hpp>
#include <tfx/keras/layers/concatenate.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/dropout.hpp>
#include <tfx/keras/plot_model.hpp>
#include <tfx/tfx.hpp>

// Pictures of models.

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
using io_test::folder;
using io_test::message;
using io_test::text_of;

namespace {
/// Two inputs, a shared layer, an op between layers, and an arrow that passes several rows.
auto residual() {
  auto const left = keras::Input<"left">(tf::shape<8>);
  auto const right = keras::Input<"right">(tf::shape<8>);
  auto const shared = layers::Dense<16, "shared">(keras::activation<"tanh">);
  auto const both = layers::concatenate(shared(left), shared(right));
  auto const h = layers::Dense<32, "mix">(keras::activation<"relu">)(both);
  auto const deep = layers::Dense<32, "deep">()(layers::Dropout(0.5)(h));
  return keras::Model(keras::inputs(left, right), layers::Dense<1, "out">()(deep + both));
}
/// All numbers of an attribute.
std::vector<double> attribute(std::string const& text, std::string const& name) {
  std::vector<double> all;
  std::string const begin = name + "=\"";
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1))
    all.push_back(std::strtod(text.c_str() + at + begin.size(), nullptr));
  return all;
}
std::size_t count(std::string const& text, std::string const& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}
}  // namespace

TEST_CASE("plot: Graphviz' text") {
  folder const dir;
  auto const model =
      keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<4>(keras::activation<"relu">), layers::Dropout(0.5));
  keras::utils::plot_model(model, dir / "model.dot", {.show_shapes = true});
  CHECK(text_of(dir / "model.dot") ==
        "digraph model {\n  rankdir=TB;\n  node [shape=box, fontname=\"monospace\"];\n"
        "  n0 [label=\"input_1: InputLayer\\noutput: (None, 3)\"];\n"
        "  n1 [label=\"dense: Dense\\ninput: (None, 3)\\noutput: (None, 4)\"];\n"
        "  n2 [label=\"dropout: Dropout\\ninput: (None, 4)\\noutput: (None, 4)\"];\n"
        "  n0 -> n1;\n  n1 -> n2;\n}\n");
  keras::utils::plot_model(model, dir / "kinds.dot", {.show_layer_names = false});
  CHECK(text_of(dir / "kinds.dot").find("  n1 [label=\"Dense\"];\n") != std::string::npos);
  CHECK(dir.files() == 2);
}

TEST_CASE("plot: shared layers are one box, ops between layers are boxes too") {
  folder const dir;
  keras::utils::plot_model(residual(), dir / "model.dot");
  CHECK(text_of(dir / "model.dot") ==
        "digraph model {\n  rankdir=TB;\n  node [shape=box, fontname=\"monospace\"];\n"
        "  n0 [label=\"left: InputLayer\"];\n"
        "  n1 [label=\"shared: Dense\"];\n"
        "  n2 [label=\"right: InputLayer\"];\n"
        "  n3 [label=\"concatenate: Concatenate\"];\n"
        "  n4 [label=\"mix: Dense\"];\n"
        "  n5 [label=\"dropout: Dropout\"];\n"
        "  n6 [label=\"deep: Dense\"];\n"
        "  n7 [label=\"Add\"];\n"
        "  n8 [label=\"out: Dense\"];\n"
        "  n0 -> n1;\n  n2 -> n1;\n  n1 -> n3;\n  n3 -> n4;\n  n4 -> n5;\n  n5 -> n6;\n  n6 -> n7;\n  n3 -> n7;\n"
        "  n7 -> n8;\n}\n");
}

TEST_CASE("plot: a picture whose boxes lie in it and do not meet") {
  folder const dir;
  keras::utils::plot_model(residual(), dir / "model.svg", {.show_shapes = true});
  std::string const text = text_of(dir / "model.svg");
  CHECK(text.rfind("<svg xmlns=\"http://www.w3.org/2000/svg\"", 0) == 0);
  CHECK(text.substr(text.size() - 7) == "</svg>\n");
  CHECK(count(text, "marker-end") == 9);
  CHECK(count(text, "<text") == count(text, "</text>"));
  CHECK(count(text, ">input: (None, 16)</text>") == 0);  // of two inputs both are told
  CHECK(count(text, ">input: (None, 16), (None, 16)</text>") == 1);
  auto const x = attribute(text, "<rect x"), y = attribute(text, " y"), width = attribute(text, " width"),
             height = attribute(text, " height");
  REQUIRE(x.size() == 9);
  // The first width and height are the picture's, then those of its ground.
  for (std::size_t i = 0; i < 9; ++i) {
    std::size_t const k = i + 2;
    CHECK((x[i] >= 0 && x[i] + width[k] <= width[0]));
    for (std::size_t j = 0; j < i; ++j) {
      bool const apart_x = x[i] + width[k] <= x[j] || x[j] + width[j + 2] <= x[i];
      auto const rect_y = [&](std::size_t n) {
        std::size_t at = 0;
        for (std::size_t m = 0; m <= n; ++m) at = text.find("<rect x=", at + 1);
        return std::strtod(text.c_str() + text.find(" y=\"", at) + 4, nullptr);
      };
      bool const apart_y = rect_y(i) + height[k] <= rect_y(j) || rect_y(j) + height[j + 2] <= rect_y(i);
      CHECK((apart_x || apart_y));
    }
  }
}

TEST_CASE("plot: other endings and folders that are not there are refused") {
  folder const dir;
  auto const model = keras::Sequential(keras::Input(tf::shape<3>), layers::Dense<4>());
  CHECK(message<tf::errors::InvalidArgumentError>([&] {
          keras::utils::plot_model(model, dir / "model.png");
        }).find("plot_model writes a file .dot or .svg") == 0);
  CHECK_THROWS_AS(keras::utils::plot_model(model, dir / "nowhere/model.svg"), tf::errors::NotFoundError);
  CHECK(dir.files() == 0);
}
