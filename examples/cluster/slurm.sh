#!/bin/bash
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=4
#SBATCH --cpus-per-task=8
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@60
#SBATCH --requeue
# Trains, or goes on where the last submission was stopped.
RUN=runs/cnn
if [ -d "$RUN" ]; then ARGS=(resume "$RUN"); else ARGS=(train data/ --model cnn --batch-size 512 --shards 8 --out "$RUN"); fi
srun --mpi=pmix --cpus-per-task="$SLURM_CPUS_PER_TASK" --kill-on-bad-exit=1 node_modules/.bin/tidu "${ARGS[@]}"
