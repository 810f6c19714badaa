import { problems } from './recorded-problems'
import '../pages/live'

window.problems = problems
