/**
 * Commands of the Notes client that actions of an application use, in capitals (Domino Designer, "@Commands"). Those
 * for Designer, the mail file, text formatting and server administration are left out: they have no place here, and
 * one that is spelt wrong must not pass.
 */
export const COMMANDS: ReadonlySet<string> = new Set(
  [
    // Windows and places
    'CloseWindow FileCloseWindow OpenView OpenPage OpenFrameset OpenNavigator OpenDocument OpenHelpDocument',
    'OpenInNewWindow FileOpenDatabase FileOpenDBRepID GoUpLevel AddBookmark ShowHidePreviewPane',
    'HelpAboutDatabase HelpUsingDatabase RefreshFrame ReloadWindow RefreshWindow RefreshHideFormulas',
    'RefreshParentNote ShowProperties',
    // Documents
    'Compose ComposeWithReference EditDocument FileSave EditProfile EditProfileDocument EditClear Clear EditGotoField',
    'EditNextField EditPrevField EditInsertText EditSelectAll EditDeselectAll EditCopy EditCut EditPaste EditUndo',
    'EditFind EditFindNext EditMakeDocLink EditOpenLink EditTop EditBottom EditUp EditDown EditLeft EditRight',
    'EditDetach EditInsertFileAttachment MoveToTrash EmptyTrash FilePrint FileExport FileImport FolderDocuments',
    'CopySelectedAsTable SwitchForm ViewSwitchForm',
    'SectionExpand SectionCollapse SectionExpandAll SectionCollapseAll',
    // Views
    'ViewRefreshFields ViewRefreshUnread ViewExpand ViewExpandAll ViewExpandWithChildren ViewCollapse',
    'ViewCollapseAll ViewChange SwitchView ViewShowSearchBar ViewShowOnlySelected ViewShowOnlyUnread',
    'ViewShowOnlySearchResults ViewShowOnlyCategories NavNext NavPrev NavNextMain NavPrevMain NavNextSelected',
    'NavPrevSelected NavNextUnread NavPrevUnread NavigateNext NavigatePrev NavigateNextMain NavigatePrevMain',
    'NavigateToBacklink',
    // Agents and mail
    'ToolsRunMacro RunAgent ToolsRunBackgroundMacros RunScheduledAgents AgentRun ToolsRefreshAllDocs',
    'ToolsRefreshSelectedDocs ToolsReplicate MailComposeMemo MailForward MailSend MailAddress SendInstantMessage',
    'AddToIMContactList Execute',
  ].flatMap((names) => names.toUpperCase().split(' ')),
);
