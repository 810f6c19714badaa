import { problems } from './recorded-problems'
import '../from-source/live'

window.problems = problems
