// SPDX-License-Identifier: Apache-2.0
// xtensor's defaults are column-major: what is fed, held and fetched keeps its indices.
#define XTENSOR_DEFAULT_LAYOUT ::xt::layout_type::column_major
#define XTENSOR_DEFAULT_TRAVERSAL ::xt::layout_type::column_major
#include <cstdio>
#include <tfx/tfx.hpp>
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xview.hpp>

static int wrong = 0;

// Element (i, j) is 10 i + j, for the rows and columns that are asked for.
template <class Values>
static void check(char const* what, Values const& values, int rows, int columns, int first_row = 0) {
  bool right = values.dimension() == 2 && values.shape()[0] == static_cast<std::size_t>(rows) &&
               values.shape()[1] == static_cast<std::size_t>(columns);
  for (int i = 0; right && i < rows; ++i) {
    for (int j = 0; j < columns; ++j) right = right && values(i, j) == static_cast<float>(10 * (i + first_row) + j);
  }
  if (right) return;
  std::printf("%s\n", what);
  ++wrong;
}

int main() {
  xt::xtensor<float, 2> tensor(std::array<std::size_t, 2>{3, 4});
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 4; ++j) tensor(i, j) = static_cast<float>(10 * i + j);
  }
  xt::xarray<float> const array = tensor;
  xt::xtensor<float, 2, xt::layout_type::row_major> const rows = tensor;
  xt::xtensor<float, 2, xt::layout_type::column_major> const columns = tensor;

  constexpr auto r = tfx::dim<"r">;
  auto x = tfx::placeholder<"x", float>(tfx::shape<r, 4>);
  auto w = tfx::variable<"w">(tfx::constant(tensor));
  tfx::Session session;
  session.run(tfx::global_variables_initializer(w));
  check("xtensor", session.run(x, x = tensor), 3, 4);
  check("xarray", session.run(x, x = array), 3, 4);
  check("row-major", session.run(x, x = rows), 3, 4);
  check("column-major", session.run(x, x = columns), 3, 4);
  check("view", session.run(x, x = xt::view(tensor, xt::range(1, 3), xt::all())), 2, 4, 1);
  check("computed", session.run(x * 2.0f, x = tensor * 0.5f), 3, 4);
  check("braces", session.run(x, x = {{0, 1, 2, 3}, {10, 11, 12, 13}}), 2, 4);
  check("adapted", session.run(x, x = xt::adapt(tensor.data(), 12, xt::no_ownership(), tensor.shape())), 3, 4);
  check("constant", session.run(tfx::constant(tensor)), 3, 4);
  check("variable", session.run(w), 3, 4);
  session.run(w.assign(x), x = columns);
  check("assigned", session.run(w), 3, 4);
  xt::xtensor<float, 2> into(std::array<std::size_t, 2>{3, 4});
  session.run(tfx::into(x, into), x = tensor);
  check("into", into, 3, 4);
  return wrong;
}
