// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <tfx/keras/model_facts.hpp>

TFX_BEGIN
namespace keras::detail {

/// `(None, 28, 28, 1)`.
[[gnu::noinline]] inline std::string shape_text(dims const& shape) {
  std::string text = "(";
  for (int k = 0; k < shape.rank; ++k)
    text += (k > 0 ? ", " : "") + (shape[k] < 0 ? std::string("None") : std::to_string(shape[k]));
  return text + ")";
}
/// Columns that end at these places; a text that is too long is cut.
[[gnu::noinline]] inline std::string table_line(std::string const* columns, std::size_t const* ends, int count) {
  std::string line;
  for (int i = 0; i < count; ++i) {
    line += columns[i];
    line.resize(ends[i] - 1, ' ');
    line += ' ';
  }
  return line + "\n";
}

/// Keras' table (python/keras/utils/layer_utils.py, print_summary): a column of what each layer reads where the layers
/// do not stand in a row.
[[gnu::noinline]] inline std::string summarize(std::string_view name, layer_facts const* layers, int count,
                                               std::string_view const* inputs) {
  bool in_a_row = true;
  for (int i = 0; i < count; ++i)
    in_a_row = in_a_row && layers[i].input_count == (i > 0 ? 1 : 0) &&
               (i == 0 || inputs[layers[i].first_input] == layers[i - 1].name);
  std::size_t const width = in_a_row ? 65 : 98;
  std::size_t const ends[] = {width * (in_a_row ? 45 : 33) / 100, width * (in_a_row ? 85 : 55) / 100,
                              width * (in_a_row ? 100 : 67) / 100, width};
  int const columns = in_a_row ? 3 : 4;
  std::string const thin(width, '_'), thick(width, '=');

  std::string text = "Model: \"" + std::string(name) + "\"\n" + thin + "\n";
  std::string const titles[] = {"Layer (type)", "Output Shape", "Param #", "Connected to"};
  text += table_line(titles, ends, columns) + thick + "\n";
  i64 parameters = 0, trained = 0;
  for (int i = 0; i < count; ++i) {
    layer_facts const& layer = layers[i];
    char kind[64];
    std::string line[] = {std::string(layer.name) + " (" + std::string(layer.type(kind)) + ")",
                          shape_text(layer.output), std::to_string(layer.parameters), ""};
    for (int k = 0; k < (layer.input_count > 0 ? layer.input_count : 1); ++k) {
      line[3] = k < layer.input_count ? std::string(inputs[layer.first_input + k]) : std::string();
      if (k == 0 || columns == 4) text += table_line(line, ends, columns);
      line[0] = line[1] = line[2] = "";
    }
    text += (i + 1 < count ? thin : thick) + "\n";
    parameters += layer.parameters;
    trained += layer.trained;
  }
  return text + "Total params: " + std::to_string(parameters) + "\nTrainable params: " + std::to_string(trained) +
         "\nNon-trainable params: " + std::to_string(parameters - trained) + "\n" + thin + "\n";
}

}  // namespace keras::detail
TFX_END
