import { listRecipes, renderRecipe } from '../../scripts/documentation-pages.mjs'

/** A page of the site for each file in docs/recipes/. */
export default {
  paths: () =>
    listRecipes().map((recipe) => ({
      params: { name: recipe.replace(/\.tsx?$/, '') },
      content: renderRecipe(recipe),
    })),
}
