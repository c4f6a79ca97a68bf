namespace Penstock;

/// <summary>
/// The error codes of the engine, each with a page in docs/errors. A code stands for one kind of mistake with one remedy. Its meaning never
/// changes, and its number is never reused.
/// </summary>
internal static class ErrorCodes
{
    // Options and start.
    public static readonly PipelineErrorCode WrongConfiguration = new("PSR101", "The configuration of a pipeline is wrong");
    public static readonly PipelineErrorCode UnknownOption = new("PSR102", "A source or sink does not have this option");
    public static readonly PipelineErrorCode ImpossibleValue = new("PSR103", "An option has an invalid value");
    public static readonly PipelineErrorCode ImpossiblePath = new("PSR104", "A path is invalid");
    public static readonly PipelineErrorCode PlacesConflict = new("PSR105", "Places of pipelines conflict");
    public static readonly PipelineErrorCode ServiceMissing = new("PSR106", "A service is missing");
    public static readonly PipelineErrorCode SchemeUnknown = new("PSR107", "Nothing is registered for a scheme");
    public static readonly PipelineErrorCode PathRefused = new("PSR108", "The file system refuses a path");

    // Sources and input.
    public static readonly PipelineErrorCode SourceFailed = new("PSR201", "A source failed");
    public static readonly PipelineErrorCode InputUnreadable = new("PSR202", "Input cannot be read");
    public static readonly PipelineErrorCode InputNotFound = new("PSR203", "Input was not found");
    public static readonly PipelineErrorCode FileNameNotUtf8 = new("PSR204", "The name of a file is not UTF-8");
    public static readonly PipelineErrorCode InputChanged = new("PSR205", "Input has changed since it was read");
    public static readonly PipelineErrorCode InputGone = new("PSR206", "Input of the checkpoint no longer exists");
    public static readonly PipelineErrorCode InputAfterEnd = new("PSR207", "A finished job has new input");
    public static readonly PipelineErrorCode ReadOtherwise = new("PSR208", "A source does not read as it did at the checkpoint");
    public static readonly PipelineErrorCode SourceBreaksContract = new("PSR209", "A source breaks its contract");
    public static readonly PipelineErrorCode MemoryInput = new("PSR210", "Input in memory cannot be read");

    // Rows and formats.
    public static readonly PipelineErrorCode RowUnreadable = new("PSR301", "A row cannot be read");
    public static readonly PipelineErrorCode ColumnMissing = new("PSR302", "The header of a file is missing a column");
    public static readonly PipelineErrorCode HeaderUnusable = new("PSR303", "The header of a file cannot be used");
    public static readonly PipelineErrorCode FileNotUtf8 = new("PSR304", "A file is not UTF-8");
    public static readonly PipelineErrorCode GzipDamaged = new("PSR305", "A gzip file is damaged");
    public static readonly PipelineErrorCode RowAcrossSplits = new("PSR306", "A row has a line break where its file is divided");
    public static readonly PipelineErrorCode RowCodeFailed = new("PSR307", "Code of a row failed");
    public static readonly PipelineErrorCode EventTimeNull = new("PSR308", "A row has no event time");

    // Operators and keys.
    public static readonly PipelineErrorCode OperatorFailed = new("PSR401", "An operator failed");
    public static readonly PipelineErrorCode OperatorNotCreated = new("PSR402", "An operator cannot be created");
    public static readonly PipelineErrorCode KeyFailed = new("PSR403", "A key cannot be read");
    public static readonly PipelineErrorCode SameRowAgain = new("PSR404", "The same row fails at every attempt");
    public static readonly PipelineErrorCode SubtaskFailed = new("PSR405", "A subtask failed");
    public static readonly PipelineErrorCode EndlessTimers = new("PSR406", "Timers set others without end");
    public static readonly PipelineErrorCode CallTimedOut = new("PSR407", "A call takes too long");

    // State and its restore.
    public static readonly PipelineErrorCode StateLimit = new("PSR501", "The state has reached its limit");
    public static readonly PipelineErrorCode StateDoesNotFit = new("PSR502", "Saved state does not match the program");
    public static readonly PipelineErrorCode StateCodeFailed = new("PSR503", "Code failed while state was restored");
    public static readonly PipelineErrorCode SignedZeros = new("PSR504", "State was saved for two zeros");
    public static readonly PipelineErrorCode CodecName = new("PSR505", "The name of a codec's format is invalid");
    public static readonly PipelineErrorCode CodecMismatch = new("PSR506", "A codec does not read what it wrote");
    public static readonly PipelineErrorCode DerivedType = new("PSR507", "A value in state is of a derived type");
    public static readonly PipelineErrorCode OtherClock = new("PSR508", "Saved state expires by another clock");

    // Checkpoints.
    public static readonly PipelineErrorCode CheckpointDamaged = new("PSR601", "A checkpoint is damaged");
    public static readonly PipelineErrorCode NewerRelease = new("PSR602", "A checkpoint was written by a newer release");
    public static readonly PipelineErrorCode OtherPipeline = new("PSR603", "The checkpoints are those of another pipeline");
    public static readonly PipelineErrorCode KeyGroupsChanged = new("PSR604", "The number of key groups has changed");
    public static readonly PipelineErrorCode CheckpointPlaceUnusable = new(
        "PSR605",
        "A place for checkpoints or savepoints cannot be used");
    public static readonly PipelineErrorCode CheckpointsInUse = new("PSR606", "Another process uses the checkpoints");
    public static readonly PipelineErrorCode CheckpointNotWritten = new("PSR607", "A checkpoint cannot be written");
    public static readonly PipelineErrorCode CheckpointTimedOut = new("PSR608", "A checkpoint has timed out");
    public static readonly PipelineErrorCode OutputAhead = new("PSR609", "The output is ahead of the checkpoints");

    // Savepoints.
    public static readonly PipelineErrorCode SavepointPathMissing = new("PSR621", "No path for a savepoint is set");
    public static readonly PipelineErrorCode SavepointPlaceTaken = new("PSR622", "The place for a savepoint is in use");
    public static readonly PipelineErrorCode SavepointNotFound = new("PSR623", "There is no savepoint");
    public static readonly PipelineErrorCode SavepointDamaged = new("PSR624", "A savepoint is damaged");
    public static readonly PipelineErrorCode CheckpointsThere = new("PSR625", "A job to be started from a savepoint has checkpoints");
    public static readonly PipelineErrorCode SavepointGivenUp = new("PSR626", "A savepoint was abandoned");
    public static readonly PipelineErrorCode PipelineEnded = new("PSR627", "The pipeline has ended and takes no savepoint");

    // Sinks and output.
    public static readonly PipelineErrorCode SinkFailed = new("PSR701", "A sink failed");
    public static readonly PipelineErrorCode OutputNotWritable = new("PSR702", "Output cannot be written");
    public static readonly PipelineErrorCode OutputOfOtherJob = new("PSR703", "The output is that of another job");
    public static readonly PipelineErrorCode MarkDamaged = new("PSR704", "The mark of an output is damaged");
    public static readonly PipelineErrorCode PartsOfOtherSink = new("PSR705", "Part files of the checkpoint are not of this sink");
    public static readonly PipelineErrorCode PartsLost = new("PSR706", "Part files of the checkpoint are missing or changed");
    public static readonly PipelineErrorCode SinkBreaksContract = new("PSR707", "A sink breaks its contract");
    public static readonly PipelineErrorCode MemoryOutput = new("PSR708", "Output in memory is closed");

    // Nodes and links.
    public static readonly PipelineErrorCode LinkFailed = new("PSR801", "The connection to a node failed");
    public static readonly PipelineErrorCode OtherProgram = new("PSR802", "A node runs another program");
    public static readonly PipelineErrorCode OtherCheckpoints = new("PSR803", "A node has other checkpoints");
    public static readonly PipelineErrorCode SharedPlaceMissing = new("PSR804", "Several nodes need a shared place for checkpoints");
    public static readonly PipelineErrorCode PollingOnSeveralNodes = new("PSR805", "A source looks for new files on several nodes");
    public static readonly PipelineErrorCode RowsNotSendable = new("PSR806", "Rows cannot be sent to another node");
    public static readonly PipelineErrorCode MessageTooLong = new("PSR807", "A message to another node is too long");

    // Everything else.
    public static readonly PipelineErrorCode Custom = new("PSR901", "An error without a code of its own");
    public static readonly PipelineErrorCode AttemptStuck = new("PSR902", "An attempt does not end");
}
