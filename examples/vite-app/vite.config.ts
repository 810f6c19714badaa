import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { marketServer } from './market-server.ts'

export default defineConfig({ plugins: [react(), marketServer()] })
