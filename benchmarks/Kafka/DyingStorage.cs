using System.Diagnostics;
using Penstock.Checkpoints;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Kafka;

/// <summary>A folder of checkpoints whose process kills itself at a critical step, as SIGKILL does.</summary>
/// <param name="place">
/// The step: <c>publish</c>, before a checkpoint exists; <c>published</c>, when it exists and nothing of it is committed; <c>commit</c>, in
/// the middle of a commit, with sent messages and an open transaction; <c>committed</c>, when it is committed but this is not recorded yet.
/// Any other value: none.
/// </param>
internal sealed class DyingStorageProvider(string place) : ICheckpointStorageProvider
{
    public string Scheme => "dying";

    public ICheckpointStorage Create(string location) =>
        new DyingStorage(new FolderStorage(LocalFileSystem.Instance, location["dying://".Length..], "TorturePipeline"), place);

    private sealed class DyingStorage(ICheckpointStorage storage, string place) : ICheckpointStorage
    {
        // The first checkpoints of a process contain little.
        private int _left = 3;

        public string Location => storage.Location;

        public bool IsExclusive => storage.IsExclusive;

        public void Settle() => storage.Settle();

        public void Open() => storage.Open();

        public IReadOnlyList<string> List() => storage.List();

        public IReadableFile OpenRead(string name) =>
            place == "commit" && IsSpool(name) ? new DyingFile(this, storage.OpenRead(name)) : storage.OpenRead(name);

        public IWritableFile Create(string name) => storage.Create(name);

        public bool TryPublish(string name, ReadOnlySpan<byte> content)
        {
            DieAt("publish");
            var published = storage.TryPublish(name, content);
            DieAt("published");
            return published;
        }

        public void Delete(string name)
        {
            if (IsSpool(name))
            {
                DieAt("committed");
            }

            storage.Delete(name);
        }

        public void Dispose() => storage.Dispose();

        private static bool IsSpool(string name) => name.StartsWith("sink-", StringComparison.Ordinal);

        private void DieAt(string here)
        {
            if (here == place && Interlocked.Decrement(ref _left) == 0)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        }

        // Closed when all of its messages were passed to the producer.
        private sealed class DyingFile(DyingStorage owner, IReadableFile file) : IReadableFile
        {
            public long Length => file.Length;

            public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

            public void Dispose()
            {
                file.Dispose();
                owner.DieAt("commit");
            }
        }
    }
}
